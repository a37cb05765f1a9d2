import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findRows, sortRows, visibleRows } from '../../src/components/row-window.ts';

describe('visible rows', () => {
  it('hold every row in sight, and few more', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(4_000_000),
        fc.integer({ min: 1, max: 2_000 }),
        (count, scrollPx, heightPx) => {
          const { first, end } = visibleRows(count, 36, scrollPx, heightPx);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(first);
          expect(end).toBeLessThanOrEqual(count);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(heightPx / 36) + 26);
          const inSight = Math.floor(scrollPx / 36);
          if (inSight < count) expect(first <= inSight && inSight < end).toBe(true);
        },
      ),
    );
  });
});

describe('sorting', () => {
  const rows = [
    { n: 2, id: 'a' },
    { n: undefined, id: 'b' },
    { n: 1, id: 'c' },
    { n: 2, id: 'd' },
  ];
  const sorted = (isDescending: boolean) => sortRows(rows, ({ n }) => n, isDescending).map(({ id }) => id);

  it('keeps equal rows in order and puts what is unknown last', () => {
    expect(sorted(false)).toEqual(['c', 'a', 'd', 'b']);
    expect(sorted(true)).toEqual(['a', 'd', 'c', 'b']);
  });

  it('takes less than 100 ms for 10,000 rows', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ value: (index * 7919) % 10_007 }));
    const startMs = performance.now();
    sortRows(many, ({ value }) => value, true);
    expect(performance.now() - startMs).toBeLessThan(100);
  });
});

describe('finding', () => {
  const rows = ['States.Timeout in Ingest', 'succeeded Ingest'];

  it('takes rows with every word, in any case', () => {
    expect(findRows(rows, ' ingest TIMEOUT', String)).toEqual([rows[0]]);
    expect(findRows(rows, '', String)).toBe(rows);
  });
});
