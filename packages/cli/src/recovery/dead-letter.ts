import * as z from 'zod';

/** The content of a dead letter: which records a pipe gave up, not the records themselves. */
export interface DeadLetter {
  kind: 'kinesis' | 'dynamodb';
  streamArn: string;
  shardId: string;
  startSequence: string;
  /** Inclusive. */
  endSequence: string;
  /** How many records of that range were given up; the others were processed. */
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

/** Reads the body of a message; undefined when it is no dead letter. Shape: docs/adr/0014. */
export function readDeadLetter(body: string): DeadLetter | undefined {
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
 * Compares by the order of the stream, also across a resharding: a tweet comes before the notice that deletes it.
 */
export function inStreamOrder(a: DeadLetter, b: DeadLetter): number {
  const [first, second] = [BigInt(a.startSequence), BigInt(b.startSequence)];
  return first < second ? -1 : first > second ? 1 : 0;
}
