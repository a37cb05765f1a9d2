import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { type OrderChange, orderIdOf } from '@tweet-pipes/kit/orders/order';
import { seededRandom } from '@tweet-pipes/kit/random';
import { controlled } from '@tweet-pipes/producer/controlled';
import { orderSink } from '@tweet-pipes/producer/orders/order-sink';
import { changeOf, orderSource } from '@tweet-pipes/producer/orders/order-source';
import { writeTo } from '@tweet-pipes/producer/writer';

/** A table that takes all but the first change of a call, each time it is asked to write many. */
function tightTable() {
  const written: OrderChange[] = [];
  const sizes: number[] = [];
  const put = async (changes: readonly OrderChange[]) => {
    sizes.push(changes.length);
    expect(new Set(changes.map(orderIdOf)).size).toBe(changes.length);
    const left = changes.length > 1 ? changes.slice(0, 1) : [];
    written.push(...changes.slice(left.length));
    return left;
  };
  return { written, sizes, put };
}

describe('orders', () => {
  it('are written in the order of each, at most 25 a call, and again where the table had no capacity', async () => {
    const clock = { now: () => 0, sleep: async () => {} };
    const source = controlled(orderSource({ ...changeDefaults, updates: 0.5 }, clock), { clock, limit: 500 });
    const generated: OrderChange[] = [];
    for await (const record of source.records()) generated.push(changeOf(record));
    const table = tightTable();
    const summary = await writeTo(source.records(), {
      sink: orderSink('orders', table.put),
      clock,
      random: seededRandom(1),
      recordsPerCall: 25,
      callsInFlight: 4,
    });

    expect(summary).toMatchObject({ sent: 500, lost: 0 });
    expect(summary.throttled).toBeGreaterThan(0);
    expect(Math.max(...table.sizes)).toBeLessThanOrEqual(25);
    const byOrder = (changes: readonly OrderChange[]) => Map.groupBy(changes, orderIdOf);
    expect(byOrder(table.written)).toEqual(byOrder(generated));
  });

  it('are counted by what happens to them', async () => {
    const clock = new ManualClock();
    const source = orderSource(changeDefaults, clock);
    const kinds: string[] = [];
    for await (const record of source.records()) {
      kinds.push(changeOf(record).kind);
      if (kinds.length === 100) break;
    }
    const count = (kind: string) => kinds.filter((each) => each === kind).length;

    expect(source.tally?.().counts).toEqual({
      placed: count('place'),
      updated: count('update'),
      deleted: count('delete'),
    });
  });
});
