import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { hashtagsOfText } from '../compact/hashtags-of-text.ts';
import type { Reader } from '../reading/reader.ts';
import type { Judged } from '../reading/records/judge.ts';
import { formOf, hasFirstLine } from '../reading/values/form.ts';
import type { Source } from '../record.ts';
import { lines } from './lines.ts';
import { type PathOptions, pathSource } from './path-source.ts';

/** A longer line is no tweet, whose text has 25,000 characters at most. */
const longestLineBytes = 1_048_576;

/**
 * Tweets from plain text, one per line. The id is a hash of the text, so equal lines are duplicates; the hashtags are
 * those that X would find. Paths, containers and encodings are as for {@link ./file.ts}. A text of tweets in JSON or
 * CSV is refused.
 */
export function textSource(paths: readonly string[], options: PathOptions = {}): Promise<Source> {
  return pathSource(paths, reader, options);
}

const reader: Reader = {
  isEnough: hasFirstLine,
  read(head, bytes) {
    // A chat may begin with a time in brackets.
    const isJson = /^\s*(?:\[\s*)?\{\s*(?:"|$)/.test(head.toString('latin1', 0, 200));
    if (isJson || formOf(head).kind === 'csv' || isQuotedRow(head)) {
      throw new Error(`it looks like ${isJson ? 'JSON' : 'CSV'}, which \`produce file\` reads`);
    }
    const items = async function* () {
      for await (const { line, bytes: content } of lines(bytes, longestLineBytes + 1)) {
        yield [{ line, judged: judgeLine(content) }];
      }
    };
    return { items: items() };
  },
};

/** A row of a table without a header. */
function isQuotedRow(head: Buffer): boolean {
  return /^\s*"(?:[^"\r\n]|"")*"(?:[,;\t|]"(?:[^"\r\n]|"")*"){2}/.test(head.toString('latin1', 0, 64 * 1024));
}

function judgeLine(line: Buffer): Judged {
  if (line.length > longestLineBytes) return { kind: 'unusable', reason: 'longer than 1 MiB', data: Buffer.alloc(0) };
  if (!isUtf8(line)) return { kind: 'unusable', reason: 'not UTF-8', data: line };
  const text = line.toString('utf8').trim();
  const id = `text-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  const hashtags = hashtagsOfText(text).map((word): JsonObject => ({ text: word }));
  const record = { id_str: id, text, entities: { hashtags } };
  return { kind: 'tweet', id, data: Buffer.from(JSON.stringify(record)), record, compact: () => record };
}
