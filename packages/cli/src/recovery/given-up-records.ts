import type { StreamRecord } from '@tweet-pipes/local-aws/pipes/sources/record';
import type { DeadLetter } from './dead-letter.ts';

/** Reads a stream from a given record on. */
export interface StreamReader {
  /** An iterator that starts at a record; undefined when the shard or the record has left the stream. */
  openAt(shardId: string, sequence: string): Promise<string | undefined>;
  page(
    shardId: string,
    iterator: string,
    limit: number,
  ): Promise<{ records: StreamRecord[]; next: string | undefined; isTip: boolean }>;
}

const largestPage = 1000;
/** AWS may answer empty pages before the records come. */
const mostEmptyPages = 200;

/**
 * Yields the records of a dead letter that are still in the stream, in its order. The caller must count them: some may
 * have left the stream.
 */
export async function* givenUpRecords(reader: StreamReader, deadLetter: DeadLetter): AsyncGenerator<StreamRecord> {
  const [first, last] = [BigInt(deadLetter.startSequence), BigInt(deadLetter.endSequence)];
  let iterator = await reader.openAt(deadLetter.shardId, deadLetter.startSequence);
  let empty = 0;
  while (iterator !== undefined && empty < mostEmptyPages) {
    const limit = Math.min(largestPage, Math.max(1, deadLetter.records));
    const { records, next, isTip }: Awaited<ReturnType<StreamReader['page']>> = await reader.page(
      deadLetter.shardId,
      iterator,
      limit,
    );
    for (const record of records) {
      const sequence = BigInt(record.sequenceNumber);
      if (sequence > last) return;
      if (sequence >= first) yield record;
      if (sequence === last) return;
    }
    if (isTip) return;
    empty = records.length === 0 ? empty + 1 : 0;
    iterator = next;
  }
}
