import { createHash } from 'node:crypto';

import { isJsonObject } from '@tweet-pipes/kit/json';

/** Kinesis allows 256 characters, the workflow accepts ids up to 64 (docs/records.md, "Input records"). */
const longestId = 64;

/**
 * The partition key of a record: the id of the tweet or delete notice, by the rule of the workflow, so that a tweet,
 * its duplicates and its delete notice stay in order. Bytes without such an id get 32 hexadecimal digits of their
 * SHA-256: stable, and spread over the shards. Never throws.
 */
export function partitionKeyOf(data: Uint8Array): string {
  const id = tweetId(data);
  return id === undefined ? createHash('sha256').update(data).digest('hex').slice(0, 32) : id;
}

function tweetId(data: Uint8Array): string | undefined {
  const record = parse(data);
  if (!isJsonObject(record)) return undefined;
  const body = isJsonObject(record.delete) ? record.delete.status : isJsonObject(record.data) ? record.data : record;
  if (!isJsonObject(body)) return undefined;
  const id = isJsonObject(record.delete) || typeof body.id_str === 'string' ? body.id_str : body.id;
  return typeof id === 'string' && id.length > 0 && id.length <= longestId ? id : undefined;
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
