import { PutObjectCommand } from '@aws-sdk/client-s3';
import { sequenceOf, shardOf } from '@tweet-pipes/kit/position';

import type { IngestRecord } from './ingest-record.ts';
import type { Surroundings } from './surroundings.ts';

/** The folder of the records that redrive settled without proof of their counting. */
export const unprovedPrefix = 'quarantine/unproved/';

/**
 * Writes a record and why it is there, as the workflow's quarantine has them (docs/records.md, "Quarantine"). A
 * repetition overwrites.
 */
export async function quarantine(
  { clients, stack }: Surroundings,
  record: IngestRecord,
  reason: string,
  options: { prefix?: string; unproved?: readonly string[] } = {},
): Promise<string> {
  const Key = `${options.prefix ?? 'quarantine/'}${shardOf(record.position)}/${sequenceOf(record.position)}.json`;
  const body = {
    reason,
    event_id: record.eventId,
    arrived_at: new Date(Math.floor(record.arrivedAt * 1000)).toISOString(),
    ...(options.unproved === undefined ? {} : { unproved: options.unproved }),
  };
  await clients.s3.send(
    new PutObjectCommand({
      Bucket: stack.ArchiveBucketName,
      Key,
      ContentType: 'application/json',
      Body: withData(body, record),
    }),
  );
  return Key;
}

function withData(body: object, { tweet, base64 }: IngestRecord): string {
  try {
    return JSON.stringify({ ...body, data: tweet });
  } catch {
    // Nested beyond the stack; its bytes are always possible.
    return JSON.stringify({ ...body, data: base64 });
  }
}
