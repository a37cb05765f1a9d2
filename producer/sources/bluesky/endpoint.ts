import { BlueskySourceError } from './errors.ts';

/** The collection of posts: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json */
export const postCollection = 'app.bsky.feed.post';

const eventsPath = '/xrpc/network.bsky.jetstream.subscribeEvents';

/**
 * Jetstream's public instances, in the order in which they are tried: first those with the protocol of 2026, then those
 * with the one before, which is frozen but served (https://atproto.com/blog/introducing-bluesky-protocol-services).
 */
export const publicEndpoints: readonly string[] = [
  `wss://jetstream.us-east.bsky.network${eventsPath}`,
  `wss://jetstream.us-west.bsky.network${eventsPath}`,
  'wss://jetstream1.us-east.bsky.network/subscribe',
  'wss://jetstream1.us-west.bsky.network/subscribe',
  'wss://jetstream2.us-west.bsky.network/subscribe',
  'wss://jetstream2.us-east.bsky.network/subscribe',
];

/** A record of the network holds 1 MiB at most. A larger event can only be a mistake, and the server drops it. */
const largestEventBytes = 4 * 1024 ** 2;

/** An instance of Jetstream: its URL and the protocol that it speaks there. */
export interface Endpoint {
  readonly url: URL;
  /** `v2` is `network.bsky.jetstream.subscribeEvents`, `v1` the older `/subscribe`. */
  readonly protocol: 'v1' | 'v2';
}

/** The endpoint of a URL. Throws {@link BlueskySourceError} unless it is a WebSocket URL with one of the two paths. */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.parse(text);
  const isWebSocket = url?.protocol === 'wss:' || url?.protocol === 'ws:';
  if (isWebSocket && url.pathname.endsWith(eventsPath)) return { url, protocol: 'v2' };
  if (isWebSocket && url.pathname.endsWith('/subscribe')) return { url, protocol: 'v1' };
  throw new BlueskySourceError(
    `Jetstream cannot be at ${JSON.stringify(text)}: it must be a URL such as wss://host${eventsPath} or wss://host/subscribe.`,
  );
}

/**
 * The URL that subscribes to posts and to what becomes of accounts, from a time on, else from now on. Both protocols
 * take a time as cursor, and it means the same at every instance.
 * @param cursorUs microseconds since the epoch
 */
export function subscription({ url, protocol }: Endpoint, cursorUs: number | undefined): URL {
  const subscribed = new URL(url);
  const { searchParams } = subscribed;
  if (protocol === 'v1') searchParams.set('wantedCollections', postCollection);
  else {
    searchParams.set('collections', postCollection);
    for (const kind of ['commit', 'account', 'sync']) searchParams.append('kinds', kind);
  }
  searchParams.set('maxMessageSizeBytes', String(largestEventBytes));
  if (cursorUs !== undefined) searchParams.set('cursor', String(cursorUs));
  return subscribed;
}
