import { createHash } from 'node:crypto';

import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { recordBounds } from '@tweet-pipes/kit/record-bounds';
import { tweetIdOf } from './tweet-id.ts';

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
  const inside = isJsonObject(record.data) ? record.data : record;
  const notice = isJsonObject(record.delete) ? record.delete : inside.delete;
  const id = isJsonObject(notice) ? deletedId(notice) : tweetIdOf(inside);
  return typeof id === 'string' && id.length > 0 && id.length <= recordBounds.idLength ? id : undefined;
}

/** A notice of API v1.1 has the tweet in `status`, one of v2 in `tweet`. */
function deletedId({ status, tweet }: JsonObject): unknown {
  if (status !== undefined) return isJsonObject(status) ? status.id_str : undefined;
  return isJsonObject(tweet) ? tweet.id : undefined;
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
