import { sortableSequence } from '../position.ts';
import type { CutRow } from './cut.ts';
import type { CountedTweet, Plan } from './ledger.ts';
import type { Tombstone } from './tombstones.ts';

/**
 * The plan to remove these rows, by object. A tweet is counted by its first row, once, if that came before its delete
 * notice: as the query `audit` counts it while its rows are there.
 */
export function planOf(
  found: ReadonlyMap<string, readonly CutRow[]>,
  tombstones: ReadonlyMap<string, Tombstone>,
): Plan {
  const first = new Map<string, CountedTweet>();
  for (const { id, position, hashtags = [] } of [...found.values()].flat()) {
    const other = first.get(id);
    if (position === undefined) continue;
    if (other === undefined || sortableSequence(position) < sortableSequence(other.position)) {
      first.set(id, { id, position, hashtags });
    }
  }
  return {
    counted: [...first.values()].filter(({ id, position }) => {
      const tombstone = tombstones.get(id);
      if (tombstone === undefined || tombstone.lakeCounted === true) return false;
      return sortableSequence(position) < sortableSequence(tombstone.record);
    }),
    objects: [...found].map(([object, rows]) => ({ object, ids: [...new Set(rows.map(({ id }) => id))] })),
  };
}
