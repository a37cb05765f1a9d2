import * as z from 'zod';

/** What a dead-letter message says: which records a pipe gave up, never the records. */
export interface Pointer {
  kind: 'kinesis' | 'dynamodb';
  streamArn: string;
  shardId: string;
  startSequence: string;
  /** Included. */
  endSequence: string;
  /** How many records of that range were given up; the others of the range went through. */
  records: number;
  /** `RetryAttemptsExhausted`, `RecordAgeExceeded`. */
  condition: string;
  /** When the pipe gave up, epoch milliseconds. */
  givenUpMs: number;
}

const range = z.object({
  shardId: z.string().min(1),
  startSequenceNumber: z.string().regex(/^\d+$/),
  endSequenceNumber: z.string().regex(/^\d+$/),
  batchSize: z.number().int().min(1),
  streamArn: z.string().startsWith('arn:'),
});

const message = z.object({
  context: z.object({ condition: z.string() }),
  timestamp: z.iso.datetime(),
  KinesisBatchInfo: range.optional(),
  DDBStreamBatchInfo: range.optional(),
});

/** Reads the body of a dead-letter message; undefined when it is something else. Shape: docs/adr/0014. */
export function readPointer(body: string): Pointer | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = message.safeParse(json);
  if (!parsed.success) return undefined;
  const { KinesisBatchInfo, DDBStreamBatchInfo, context, timestamp } = parsed.data;
  const info = KinesisBatchInfo ?? DDBStreamBatchInfo;
  if (info === undefined) return undefined;
  return {
    kind: KinesisBatchInfo === undefined ? 'dynamodb' : 'kinesis',
    streamArn: info.streamArn,
    shardId: info.shardId,
    startSequence: info.startSequenceNumber,
    endSequence: info.endSequenceNumber,
    records: info.batchSize,
    condition: context.condition,
    givenUpMs: Date.parse(timestamp),
  };
}

/**
 * The order in which the stream held the records: a tweet comes before the notice that deletes it, also across a
 * resharding.
 */
export function inStreamOrder(a: Pointer, b: Pointer): number {
  const [first, second] = [BigInt(a.startSequence), BigInt(b.startSequence)];
  return first < second ? -1 : first > second ? 1 : 0;
}
