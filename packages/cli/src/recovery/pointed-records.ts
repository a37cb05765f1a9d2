import type { StreamRecord } from '@tweet-pipes/local-aws/pipes/sources/record';
import type { Pointer } from './dead-letter-pointer.ts';

/** A stream that can be read from a given record on. */
export interface PointedStream {
  /** An iterator that begins at a record; undefined when the shard, or the record, has left the stream. */
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

/** Yields what is left of a pointer's range, in the stream's order. Whether that is all of it, the caller counts. */
export async function* pointedRecords(stream: PointedStream, pointer: Pointer): AsyncGenerator<StreamRecord> {
  const [first, last] = [BigInt(pointer.startSequence), BigInt(pointer.endSequence)];
  let iterator = await stream.openAt(pointer.shardId, pointer.startSequence);
  let empty = 0;
  while (iterator !== undefined && empty < mostEmptyPages) {
    const limit = Math.min(largestPage, Math.max(1, pointer.records));
    const { records, next, isTip }: Awaited<ReturnType<PointedStream['page']>> = await stream.page(
      pointer.shardId,
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
