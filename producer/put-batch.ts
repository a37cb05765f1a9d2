import { KinesisServiceException, PutRecordsCommand, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';

import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import type { StreamRecord } from './record.ts';

/** What the writer needs of the Kinesis client. */
export interface PutsRecords {
  send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput>;
}

/** Where a record is in the stream. */
export interface Landed {
  /** `shardId-000000000000`. */
  shardId: string;
  sequenceNumber: string;
  /**
   * True when an earlier attempt ended without a clear answer (connection lost, server error): the record may be in the
   * stream twice, and the other copy comes before this one.
   */
  maybeTwice: boolean;
}

/** One attempt after the other until every record of the batch has landed or is given up. */
export interface BatchWriting<R extends StreamRecord> {
  client: PutsRecords;
  streamName: string;
  clock: Clock;
  random: Random;
  /** A record is given up after so many; those that were throttled do not count. */
  attempts: number;
  landed(record: R, landed: Landed): void;
  /** Given up after the last attempt. */
  lost(record: R, reason: string): void;
  /** About to be sent again; `throttled` when the stream was too busy for it. */
  retried(record: R, throttled: boolean): void;
  /** Around each call: what `calling` gives is handed to `answered`. */
  calling(): number;
  answered(round: number, isThrottled: boolean): void;
}

const throughputExceeded = 'ProvisionedThroughputExceededException';

/**
 * Waits grow from 100 ms, doubling, to 5 s for as long as nothing gets through; each is chosen at random below that, so
 * that writers do not march in step. A stream that takes a part of each call is working at its rate, and to wait longer
 * would leave some of it unused.
 */
const backOff = { firstMs: 100, longestMs: 5_000 };

/**
 * Puts a batch of distinct partition keys and retries only the records that failed: throttled ones for as long as it
 * takes, since the stream only asks to be patient, others until their attempts are used up. Throws an error that no
 * retry cures; the records of the batch that it has not told about are then not in the stream.
 */
export async function putBatch<R extends StreamRecord>(batch: readonly R[], writing: BatchWriting<R>): Promise<void> {
  const unclear = new Set<R>();
  const failures = new Map<R, number>();
  let remaining = batch;
  for (let vain = 0; remaining.length > 0; vain += 1) {
    const failed = await attemptOnce(remaining, writing, unclear);
    if (failed.length < remaining.length) vain = 0;
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
      const ceilingMs = Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(vain, 20));
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
    const outcome = judge(error);
    answered(round, outcome === 'throttled');
    if (outcome === 'futile') throw error;
    if (outcome === 'unclear') for (const record of records) unclear.add(record);
    return records.map((record) => ({ record, reason: String(error), isThrottled: outcome === 'throttled' }));
  }
}

/** Whether another attempt can help, and whether this one may have written all the same. */
function judge(error: unknown): 'throttled' | 'unclear' | 'futile' {
  if (error instanceof KinesisServiceException) {
    const isThrottled = /Throttl|ProvisionedThroughputExceeded|LimitExceeded/.test(error.name);
    if (isThrottled || error.$metadata.httpStatusCode === 429) return 'throttled';
    return error.$fault === 'server' || (error.$metadata.httpStatusCode ?? 0) >= 500 ? 'unclear' : 'futile';
  }
  const isNetwork =
    error instanceof Error && (error.name === 'TimeoutError' || ('code' in error && error.code !== undefined));
  return isNetwork ? 'unclear' : 'futile';
}
