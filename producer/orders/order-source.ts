import type { Clock } from '@tweet-pipes/kit/clock';
import { type ChangeOptions, checkShares } from '@tweet-pipes/kit/orders/change-options';
import { generateChanges } from '@tweet-pipes/kit/orders/generate-changes';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { thousands } from '@tweet-pipes/kit/wording';
import type { Source } from '../record.ts';

/**
 * An endless source of changes of orders. The data of a record is the change as JSON. Throws RangeError for shares
 * above 1.
 */
export function orderSource(options: ChangeOptions, clock: Pick<Clock, 'now'>): Source {
  const counts = { placed: 0, updated: 0, deleted: 0 };
  const counted = { place: 'placed', update: 'updated', delete: 'deleted' } as const;
  checkShares(options);
  return {
    isEndless: true,
    isFinal: true,
    tally: () => ({
      note: '',
      lines: [
        `Orders: ${thousands(counts.placed)} placed, ${thousands(counts.updated)} updated, ${thousands(counts.deleted)} deleted.`,
      ],
      counts: { ...counts },
    }),
    *records(signal) {
      for (const change of generateChanges(options, () => clock.now())) {
        if (signal?.aborted) return;
        counts[counted[change.kind]] += 1;
        yield { partitionKey: orderIdOf(change), data: Buffer.from(JSON.stringify(change)) };
      }
    },
  };
}

/** The change in the data of a record of {@link orderSource}. */
export function changeOf({ data }: { data: Uint8Array }): OrderChange {
  const change: OrderChange = JSON.parse(Buffer.from(data).toString('utf8'));
  return change;
}
