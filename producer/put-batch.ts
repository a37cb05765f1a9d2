import { KinesisServiceException, PutRecordsCommand, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { StreamRecord } from './record.ts';

/** The part of the Kinesis client that the writer uses. */
export interface PutsRecords {
  send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput>;
}

/** The position of a record in the stream. */
export interface Landed {
  /** `shardId-000000000000`. */
  shardId: string;
  sequenceNumber: string;
  /**
   * True when an earlier attempt ended without a clear answer (connection lost, server error): the stream may hold a
   * duplicate, at an earlier position.
   */
  maybeTwice: boolean;
}

/** How to put a batch, and callbacks that report what happens to each record. */
export interface BatchWriting<R extends StreamRecord> {
  client: PutsRecords;
  streamName: string;
  clock: Clock;
  random: Random;
  /** Failed attempts after which a record is given up. Throttling does not count. */
  attempts: number;
  landed(record: R, landed: Landed): void;
  /** Given up after the last attempt. */
  lost(record: R, reason: string): void;
  /** About to be sent again. */
  retried(record: R, isThrottled: boolean): void;
  /** Called before each call; its result is passed to `answered`. */
  calling(): number;
  answered(round: number, isThrottled: boolean): void;
}

const throughputExceeded = 'ProvisionedThroughputExceededException';

/**
 * Exponential back-off with full jitter, from 100 ms to 5 s, while no record of a call is accepted. A stream that
 * accepts a part of each call is at its capacity; a longer wait would waste some of it.
 */
const backOff = { firstMs: 100, longestMs: 5_000 };

/**
 * Puts a batch of distinct partition keys and retries only the records that failed: throttled ones without limit,
 * others until their attempts are used up. Throws permanent errors; records of the batch that were not reported are
 * then not in the stream.
 */
export async function putBatch<R extends StreamRecord>(batch: readonly R[], writing: BatchWriting<R>): Promise<void> {
  const unclear = new Set<R>();
  const failures = new Map<R, number>();
  let remaining = batch;
  for (let fruitless = 0; remaining.length > 0; fruitless += 1) {
    const failed = await attemptOnce(remaining, writing, unclear);
    if (failed.length < remaining.length) fruitless = 0;
    remaining = failed.flatMap(({ record, reason, isThrottled }) => {
      if (!isThrottled) failures.set(record, (failures.get(record) ?? 0) + 1);
      if ((failures.get(record) ?? 0) >= writing.attempts) {
        writing.lost(record, reason);
        return [];
      }
      writing.retried(record, isThrottled);
      return [record];
    });
    if (remaining.length > 0) {
      const ceilingMs = Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(fruitless, 20));
      await writing.clock.sleep(writing.random.next() * ceilingMs);
    }
  }
}

interface Failed<R> {
  record: R;
  reason: string;
  isThrottled: boolean;
}

async function attemptOnce<R extends StreamRecord>(
  records: readonly R[],
  { client, streamName, landed, calling, answered }: BatchWriting<R>,
  unclear: Set<R>,
): Promise<Failed<R>[]> {
  const command = new PutRecordsCommand({
    StreamName: streamName,
    Records: records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
  });
  const round = calling();
  try {
    const { Records: results = [] } = await client.send(command);
    answered(
      round,
      results.some(({ ErrorCode }) => ErrorCode === throughputExceeded),
    );
    return records.flatMap((record, index) => {
      const { ShardId, SequenceNumber, ErrorCode, ErrorMessage } = results[index] ?? {};
      if (ShardId !== undefined && SequenceNumber !== undefined) {
        landed(record, { shardId: ShardId, sequenceNumber: SequenceNumber, maybeTwice: unclear.has(record) });
        return [];
      }
      const isThrottled = ErrorCode === throughputExceeded;
      if (!isThrottled) unclear.add(record);
      return [{ record, reason: `${ErrorCode ?? 'no answer'}: ${ErrorMessage ?? 'none given'}`, isThrottled }];
    });
  } catch (error) {
    const outcome = classify(error);
    answered(round, outcome === 'throttled');
    if (outcome === 'permanent') throw error;
    if (outcome === 'unclear') for (const record of records) unclear.add(record);
    return records.map((record) => ({ record, reason: String(error), isThrottled: outcome === 'throttled' }));
  }
}

/** `unclear` if the records may have been written; only `permanent` is not worth a retry. */
function classify(error: unknown): 'throttled' | 'unclear' | 'permanent' {
  if (error instanceof KinesisServiceException) {
    const isThrottled = /Throttl|ProvisionedThroughputExceeded|LimitExceeded/.test(error.name);
    if (isThrottled || error.$metadata.httpStatusCode === 429) return 'throttled';
    return error.$fault === 'server' || (error.$metadata.httpStatusCode ?? 0) >= 500 ? 'unclear' : 'permanent';
  }
  const isNetwork =
    error instanceof Error && (error.name === 'TimeoutError' || ('code' in error && error.code !== undefined));
  return isNetwork ? 'unclear' : 'permanent';
}
