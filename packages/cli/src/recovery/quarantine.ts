import { PutObjectCommand } from '@aws-sdk/client-s3';
import { sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import type { RecoveryContext } from './context.ts';
import type { IngestRecord } from './ingest-record.ts';

/** The folder of the records for which it cannot be proved whether they were counted. */
export const unprovedPrefix = 'quarantine/unproved/';

/**
 * Writes a record with its reason, in the form of the workflow's quarantine (docs/records.md, "Quarantine"). Resolves
 * with the key. Idempotent.
 */
export async function quarantine(
  { clients, stack }: RecoveryContext,
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
    // Nested too deeply for the call stack; base64 always works.
    return JSON.stringify({ ...body, data: base64 });
  }
}
