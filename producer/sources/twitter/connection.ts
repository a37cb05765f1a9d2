import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '@tweet-pipes/kit/clock';
import { TweetStream } from 'twitter-api-v2';
import { inTime } from '../in-time.ts';
import { connectionFailed, Disconnected } from './problem.ts';
import { type Access, agentFor } from './x-client.ts';

/** X sends a keep-alive (`\r\n`) every 20 seconds if nothing else; one second more allows for latency. */
export const longestSilenceMs = 21_000;

/**
 * Fields that are needed beyond X's defaults `id` and `text`. The full text and hashtags of retweets and quotes are in
 * included posts.
 */
const fields = {
  'tweet.fields': 'author_id,created_at,entities,lang,note_tweet,referenced_tweets',
  'user.fields': 'username',
  expansions: 'author_id,referenced_tweets.id',
};

/** A stream that X has accepted. */
export interface Connection {
  /** The bytes, read on demand. Throws {@link Disconnected} when they end or pause for {@link longestSilenceMs}. */
  chunks(): AsyncGenerator<Uint8Array>;
  /** Closes it at once. A pending read ends only by the signal of {@link connect}. */
  close(): void;
}

/**
 * The library's stream up to X's answer; ADR 0019 says why not further. It does not listen to the bytes, so nothing is
 * decoded chunk by chunk, and a slow reader causes backpressure at X instead of filling memory.
 */
class ByteStream extends TweetStream<never> {
  protected override initEventsFromRequest(): void {}

  get bytes(): Readable {
    const { res, originalResponse } = this;
    if (res === undefined || originalResponse === undefined) throw new Error('The stream is not connected.');
    if (res !== originalResponse) {
      // A pipe does not pass on that its source was cut.
      originalResponse.once('close', () => {
        if (!originalResponse.complete) res.destroy(new Error('the connection was cut'));
      });
      // The next read reports the error. Without a listener it would be uncaught until then.
      res.on('error', () => {});
    }
    return res;
  }
}

/**
 * Connects to the filtered stream. Throws {@link Disconnected} when no answer comes within {@link longestSilenceMs} or
 * the signal aborts, else the library's errors.
 */
export async function connect(access: Access, clock: Clock, signal: AbortSignal): Promise<Connection> {
  const agent = agentFor(access.endpoint);
  const stream = new ByteStream({
    url: new URL(`${access.endpoint}/2/tweets/search/stream?${new URLSearchParams(fields)}`),
    options: {
      method: 'GET',
      headers: { Authorization: `Bearer ${access.token}`, 'x-user-agent': 'tweet-pipes' },
      agent,
    },
    compression: 'gzip',
  });
  const opening = stream.connect({ autoReconnect: false, keepAliveTimeout: 'disable' });
  const close = () => end(stream, agent);
  const isOpen = await inTime(opening, { ms: longestSilenceMs, clock, signal }).catch((error: unknown) => {
    close();
    throw error;
  });
  if (!isOpen) {
    // A late result is ignored.
    opening.catch(() => {});
    close();
    throw new Disconnected({ kind: 'network', reason: silence });
  }
  const { bytes } = stream;
  return { close, chunks: () => chunks(bytes, clock, signal) };
}

const silence = `Nothing came from X for ${longestSilenceMs / 1000} s`;

async function* chunks(bytes: Readable, clock: Clock, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      let next: IteratorResult<Uint8Array> | undefined;
      const isThere = await inTime(
        iterator.next().then((result) => {
          next = result;
        }),
        { ms: longestSilenceMs, clock, signal },
      ).catch((error: unknown) => {
        throw new Disconnected({
          kind: 'network',
          reason: connectionFailed(error instanceof Error ? error.message : String(error)),
        });
      });
      if (!isThere || next === undefined) throw new Disconnected({ kind: 'network', reason: silence });
      if (next.done) throw new Disconnected({ kind: 'network', reason: 'X closed the connection' });
      yield next.value;
    }
  } finally {
    bytes.destroy();
  }
}

function end(stream: ByteStream, agent: Agent): void {
  stream.close();
  agent.destroy();
}
