import { describe, expect, it } from '@jest/globals';
import { plotOf } from '../../src/views/queries/query-plot.ts';

const result = (types: Record<string, string>, rows: (string | null)[][]) => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type })),
  ...{ rows, hasMore: false, cost: '', executionId: '' },
});
const hour = (text: string) => Date.parse(text) / 1_000;

describe('plotOf', () => {
  it('draws bars of a name and a number', () => {
    const plot = plotOf(
      result({ lang: 'varchar', tweets: 'bigint', percent: 'double' }, [
        ['ja', '9', '60'],
        [null, '6', '40'],
      ]),
    );
    expect(plot).toMatchObject({
      ...{ kind: 'bars', label: 'tweets by lang', xs: [0, 1], names: ['ja', 'NULL'] },
      series: [{ label: 'tweets', values: [9, 6] }],
    });
  });

  it('draws a line for each name over hours, the largest first, with gaps', () => {
    const plot = plotOf(
      result({ datehour: 'varchar', hashtag: 'varchar', tweets: 'bigint' }, [
        ['2026/11/29/12', 'a', '1'],
        ['2026/11/29/11', 'a', '2'],
        ['2026/11/29/12', 'b', '9'],
      ]),
    );
    expect(plot).toMatchObject({
      ...{ kind: 'line', xs: [hour('2026-11-29T11:00:00Z'), hour('2026-11-29T12:00:00Z')] },
      series: [
        { label: 'b', values: [null, 9] },
        { label: 'a', values: [2, 1] },
      ],
    });
  });

  it('draws a line for each number over timestamps', () => {
    const plot = plotOf(
      result({ at: 'timestamp', sold: 'bigint', paid: 'decimal' }, [
        ['2026-11-29 11:00:00.000', '1', '2.5'],
        ['2026-11-29 11:30:00.000', '3', null],
      ]),
    );
    expect(plot?.series).toEqual([
      { label: 'sold', values: [1, 3] },
      { label: 'paid', values: [2.5, null] },
    ]);
  });

  it('draws ten lines at most', () => {
    const rows = ['11', '12'].flatMap((at) =>
      Array.from({ length: 30 }, (_, n) => [`2026/11/29/${at}`, `h${n}`, String(n)]),
    );
    const plot = plotOf(result({ datehour: 'varchar', hashtag: 'varchar', tweets: 'bigint' }, rows));
    expect(plot?.series.map(({ label }) => label)).toEqual(Array.from({ length: 10 }, (_, n) => `h${29 - n}`));
  });

  it.each([
    ['no numbers', result({ a: 'varchar' }, [['x'], ['y']])],
    ['no names', result({ a: 'bigint' }, [['1'], ['2']])],
    ['one row', result({ a: 'varchar', n: 'bigint' }, [['x', '1']])],
    [
      'three names',
      result({ a: 'varchar', b: 'varchar', c: 'varchar', n: 'bigint' }, [
        ['x', 'y', 'z', '1'],
        ['x', 'y', 'z', '2'],
      ]),
    ],
  ])('draws nothing of %s', (_, outcome) => {
    expect(plotOf(outcome)).toBeUndefined();
  });
});
