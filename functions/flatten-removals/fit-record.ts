import { gzipSync } from 'node:zlib';

import type { JsonObject } from '@tweet-pipes/kit/json';

/**
 * Firehose takes records of 1,000 KiB before base64; the rest is margin for the delimiter.
 * https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 */
const recordBytes = 1_000_000;

/** Columns that are kept beside `row_gzip`, because readers deduplicate and filter by them. */
const identity = ['event_id', 'table', 'record', 'removed_at', 'cause', 'error'] as const;

/**
 * Makes a row fit into a Firehose record. A row that is too large keeps its identifying columns and `row_gzip`: the
 * whole row as JSON, gzipped, in base64. An item has at most 400 KB, so only JSON's escapes (six bytes for a control
 * character) can make a row too large, and those compress well: nothing is cut off. Throws RangeError for a row that
 * does not fit when compressed, which no DynamoDB item can cause.
 */
export function fitRecord(row: JsonObject, keyColumns: readonly string[]): JsonObject {
  const json = Buffer.from(JSON.stringify(row));
  if (json.length <= recordBytes) return row;
  const kept = [...identity, ...keyColumns].filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name]]);
  const small: JsonObject = { ...Object.fromEntries(kept), row_gzip: gzipSync(json).toString('base64') };
  if (Buffer.byteLength(JSON.stringify(small)) > recordBytes) {
    throw new RangeError(
      `the row of ${json.length} bytes does not fit into a record of ${recordBytes} bytes, compressed neither`,
    );
  }
  return small;
}
