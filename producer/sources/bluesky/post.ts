import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { StreamRecord } from '../../record.ts';
import type { PostKey } from './event.ts';

/** What the workflow accepts as an id, in code points. */
const longestId = 64;

/**
 * The id of a post: `did/rkey`, 46 characters for the accounts that Bluesky hosts. A longer one, as `did:web` allows,
 * is `bsky-` and the first 128 bits of its SHA-256 in hexadecimal.
 */
export function idOfPost({ did, rkey }: PostKey): string {
  const id = `${did}/${rkey}`;
  if ([...id].length <= longestId) return id;
  return `bsky-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/**
 * The post as a compact tweet of X's API v2 (docs/records.md). What of it is not as the lexicon says is passed on as it
 * is, so that the workflow puts it into quarantine with the reason.
 */
export function tweetOfPost(post: PostKey, record: JsonObject): StreamRecord {
  const { text, createdAt, langs } = record;
  const [lang] = Array.isArray(langs) ? langs : [];
  const created_at = dateOf(createdAt);
  const id = idOfPost(post);
  return recordOf(id, {
    data: {
      id,
      ...(created_at === undefined ? {} : { created_at }),
      ...(typeof lang === 'string' ? { lang } : {}),
      author_id: post.did,
      ...(text === undefined ? {} : { text }),
      // Present even if empty: a # in the text is a hashtag on Bluesky only if the post declares it.
      entities: { hashtags: hashtagsOf(record).map((tag) => ({ tag })) },
    },
  });
}

/** Whether the workflow can store the text of a post. It puts any other post into quarantine. */
export function hasUsableText({ text }: JsonObject): boolean {
  return text === undefined || typeof text === 'string';
}

/** The delete notice for a post, whether it was ever sent or not. */
export function deleteNoticeOfPost(post: PostKey): StreamRecord {
  const id = idOfPost(post);
  return recordOf(id, { delete: { status: { id_str: id } } });
}

/**
 * The hashtags that a post declares, without `#`, as written: those of its facets, then its `tags`.
 * https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/richtext/facet.json
 */
export function hashtagsOf({ facets, tags }: JsonObject): string[] {
  const features = listOf(facets).flatMap((facet) => (isJsonObject(facet) ? listOf(facet.features) : []));
  const inText = features.map((feature) =>
    isJsonObject(feature) && feature.$type === 'app.bsky.richtext.facet#tag' ? feature.tag : undefined,
  );
  return [...inText, ...listOf(tags)].filter((tag): tag is string => typeof tag === 'string' && tag !== '');
}

function recordOf(id: string, value: JsonObject): StreamRecord {
  return { partitionKey: id, data: Buffer.from(JSON.stringify(value)) };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** ISO 8601 in UTC. Authors choose `createdAt` freely; one that is no date is left out. */
function dateOf(createdAt: Json | undefined): string | undefined {
  const ms = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
