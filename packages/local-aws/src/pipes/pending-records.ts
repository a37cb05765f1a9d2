import { plural } from '@tweet-pipes/kit/wording';
import type { ShardPosition } from './checkpoint.ts';
import type { StreamSource } from './sources/source.ts';

const sample = 100;
const maximumEmptyPages = 10;

/**
 * Counts the records behind a position by reading the source: exact below 100, else 100 for "at least 100". Throws the
 * source's errors.
 */
export async function recordsBeyond(
  source: StreamSource,
  shardId: string,
  position: ShardPosition | undefined,
): Promise<number> {
  if (position?.at === 'end') return 0;
  let iterator: string | undefined = await source.openIterator(
    shardId,
    position?.at === 'after' ? position.sequenceNumber : undefined,
  );
  for (let page = 0; page < maximumEmptyPages && iterator !== undefined; page += 1) {
    const { records, next, behindMs } = await source.getRecords(shardId, iterator, sample);
    if (records.length > 0) return records.length;
    if (behindMs === 0) return 0;
    iterator = next;
  }
  return 0;
}

/** What {@link recordsBeyond} counted: `1 record`, `at least 100 records`. */
export function describeBeyond(records: number): string {
  return records >= sample ? `at least ${sample} records` : plural(records, 'record');
}
