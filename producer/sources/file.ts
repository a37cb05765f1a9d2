import type { Readable } from 'node:stream';

import { partitionKeyOf } from '../partition-key.ts';
import type { Source, StreamRecord } from '../record.ts';
import { arrayElements } from './array-elements.ts';
import { lines } from './lines.ts';
import { pathSource } from './path-source.ts';
import { tweetsOfPage } from './response-page.ts';

/**
 * Longer values are cut here, which bounds memory: a page of API v2 has up to a few megabytes, and a longer value
 * exceeds the limit of a record anyway.
 */
export const largestValueBytes = 16 * 1024 ** 2;

/**
 * Tweets from files, folders or standard input (`-`): JSON lines or a JSON array, plain or gzipped, recognized by their
 * first bytes. A page of API v2 becomes one record per tweet; any other value becomes one unchanged record, JSON or
 * not. Blank lines, the keep-alives of streaming APIs, are skipped. Throws what {@link pathSource} throws.
 */
export function fileSource(paths: readonly string[], stdin: Readable = process.stdin): Promise<Source> {
  return pathSource(paths, stdin, async function* (chunks) {
    for await (const data of values(chunks)) yield* recordsOf(data);
  });
}

async function* values(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { beginning, chunks } = await peeked(source);
  if (/^\{\s*[\r\n]/.test(beginning)) {
    // Every line would be a malformed record.
    throw new SyntaxError('its JSON values span several lines; make each value one line with `jq -c .`');
  }
  yield* beginning.startsWith('[') ? arrayElements(chunks, largestValueBytes) : lines(chunks, largestValueBytes);
}

/**
 * What stands first, white space and a byte order mark aside, with enough of it to tell the format; and all the chunks.
 */
async function peeked(source: AsyncGenerator<Uint8Array>) {
  const head: Uint8Array[] = [];
  let beginning = '';
  while (/^\{?[ \t\r]*$/.test(beginning)) {
    const next = await source.next();
    if (next.done) break;
    head.push(next.value);
    beginning = Buffer.concat(head)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .trimStart();
  }
  const chunks = (async function* () {
    yield* head;
    yield* source;
  })();
  return { beginning, chunks };
}

function* recordsOf(data: Uint8Array): Generator<StreamRecord> {
  const tweets = tweetsOfPage(parse(data));
  if (tweets === undefined) yield { partitionKey: partitionKeyOf(data), data };
  for (const tweet of tweets ?? []) {
    const envelope = Buffer.from(JSON.stringify(tweet));
    yield { partitionKey: partitionKeyOf(envelope), data: envelope };
  }
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
