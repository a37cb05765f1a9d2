import { plural } from '@tweet-pipes/kit/wording';
import type { ShardPosition } from './checkpoint.ts';
import type { StreamSource } from './sources/source.ts';

const sample = 100;
const maximumEmptyPages = 10;

/** Records behind a position of a shard. */
export interface RecordsBeyond {
  /** Exact below 100. */
  readonly records: number;
  /** Whether there may be more. */
  readonly isAtLeast: boolean;
  /** When the first of them arrived, epoch milliseconds; undefined without records. */
  readonly oldestArrivalMs?: number;
}

const none: RecordsBeyond = { records: 0, isAtLeast: false };

/** Looks for the records behind a position by reading the source. Throws the source's errors. */
export async function recordsBeyond(
  source: StreamSource,
  shardId: string,
  position: ShardPosition | undefined,
): Promise<RecordsBeyond> {
  if (position?.at === 'end') return none;
  let iterator: string | undefined = await source.openIterator(
    shardId,
    position?.at === 'after' ? position.sequenceNumber : undefined,
  );
  for (let page = 0; page < maximumEmptyPages && iterator !== undefined; page += 1) {
    const { records, next, behindMs } = await source.getRecords(shardId, iterator, sample);
    const [first] = records;
    if (first !== undefined) {
      return { records: records.length, isAtLeast: records.length >= sample, oldestArrivalMs: first.arrivalMs };
    }
    if (behindMs === 0) return none;
    iterator = next;
  }
  return none;
}

/** What {@link recordsBeyond} counted: `1 record`, `at least 100 records`. */
export function describeBeyond({ records, isAtLeast }: RecordsBeyond): string {
  return `${isAtLeast ? 'at least ' : ''}${plural(records, 'record')}`;
}
