import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import { hashtagsOfText } from '../compact/hashtags-of-text.ts';
import type { Source, StreamRecord } from '../record.ts';
import { lines } from './lines.ts';
import { pathSource } from './path-source.ts';

/**
 * Longer lines are cut here and then reported by the writer as oversized. A tweet's text has 25,000 characters at most.
 */
const longestLineBytes = 1_048_577;

/**
 * Tweets from plain text in UTF-8, one per line. The id is a hash of the text, so equal lines are duplicates; the
 * hashtags are those that X would find. Paths are as for {@link ./file.ts}. A line that is no UTF-8 is sent unchanged
 * and ends in quarantine.
 */
export function textSource(paths: readonly string[], stdin: Readable = process.stdin): Promise<Source> {
  return pathSource(paths, stdin, async function* (chunks) {
    for await (const line of lines(chunks, longestLineBytes)) yield recordOf(line);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function recordOf(line: Uint8Array): StreamRecord {
  const text = decoded(line)?.trim();
  const hash = createHash('sha256')
    .update(text ?? line)
    .digest('hex')
    .slice(0, 32);
  if (text === undefined) return { partitionKey: hash, data: line };
  const id = `text-${hash}`;
  const hashtags = hashtagsOfText(text).map((word) => ({ text: word }));
  return { partitionKey: id, data: Buffer.from(JSON.stringify({ id_str: id, text, entities: { hashtags } })) };
}

function decoded(line: Uint8Array): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
