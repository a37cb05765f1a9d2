import { describe, expect, it } from '@jest/globals';
import { counterKey } from '@tweet-pipes/kit/counter-key';
import fc from 'fast-check';
import { byCount } from '../../src/tables/hashtag-count.ts';
import { LargestCounters } from '../../src/tables/largest-counters.ts';

const tags = fc.integer({ min: 0, max: 40 }).map((n) => `tag${n}`);
const items = fc.array(fc.record({ hashtag: tags, item: fc.nat(3), count: fc.nat(9) }), { maxLength: 200 });

describe('the largest of split counters', () => {
  it('are those that sorting all sums would put first, after each item', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 4 }), (added, limit) => {
        const counters = new LargestCounters(limit, { isSplit: true });
        const sums = new Map<string, number>();
        for (const { hashtag, item, count } of added) {
          counters.add(counterKey(hashtag, item), count);
          sums.set(hashtag, (sums.get(hashtag) ?? 0) + count);
          const all = [...sums].map(([tag, sum]) => ({ hashtag: tag, count: sum }));
          expect(counters.list()).toEqual(all.toSorted(byCount).slice(0, limit));
        }
        expect(counters.size).toBe(sums.size);
      }),
      { numRuns: 100 },
    );
  });

  it('are listed without a look at each of many', () => {
    const counters = new LargestCounters(10, { isSplit: true });
    const count = 50_000;
    for (let n = 0; n < count; n += 1) counters.add(`tag${n}`, n % 100);
    const cpuOf = (work: () => void): number => {
      const before = process.cpuUsage();
      work();
      const { user } = process.cpuUsage(before);
      return user;
    };
    const listing = cpuOf(() => {
      for (let n = 0; n < 100; n += 1) counters.list();
    });
    const adding = cpuOf(() => {
      for (let n = 0; n < count; n += 1) counters.add(`tag${n}`, 0);
    });
    // A look at each would take many times as long.
    expect(listing).toBeLessThan(3 * Math.max(adding, 10_000));
  });
});
