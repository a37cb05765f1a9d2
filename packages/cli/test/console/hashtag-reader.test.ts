import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { HashtagReader } from '../../src/console/views/hashtag-reader.ts';
import { awsError, fakeClients } from './fake-clients.ts';

/** A table whose pages come when the test says so. */
async function table(pages: () => { hashtag: string; count: number }[][], beforePage = async (_index: number) => {}) {
  let scans = 0;
  const clients = await fakeClients({
    ScanCommand: async ({ ExclusiveStartKey }) => {
      const index = Number((ExclusiveStartKey as { page?: number } | undefined)?.page ?? 0);
      if (index === 0) scans += 1;
      await beforePage(index);
      const all = pages();
      return {
        Items: (all[index] ?? []).map(({ hashtag, count }) => ({
          hashtag: { S: hashtag },
          htCount: { N: `${count}` },
        })),
        ConsumedCapacity: { CapacityUnits: 10 },
        ...(index + 1 < all.length && { LastEvaluatedKey: { page: index + 1 } }),
      };
    },
  });
  return { clients, scans: () => scans };
}

function readerOf(clients: Awaited<ReturnType<typeof table>>['clients'], clock = new ManualClock()) {
  const reader = new HashtagReader({ clients, clock, table: 'Hashtags', shortestPauseMs: 1_000, patienceMs: 500 });
  return { reader, clock };
}

describe('HashtagReader', () => {
  it('gives the largest counters of all pages, with what reading them took', async () => {
    const { clients } = await table(() => [
      [
        { hashtag: 'a', count: 3 },
        { hashtag: 'b', count: 9 },
      ],
      [{ hashtag: 'c', count: 5 }],
    ]);
    const { reader, clock } = readerOf(clients);
    const reading = await reader.read(2);
    expect(reading).toMatchObject({
      top: [
        { hashtag: 'b', count: 9 },
        { hashtag: 'c', count: 5 },
      ],
      ...{ isWhole: true, counters: 3, readUnits: 20, readAt: clock.now(), running: null },
      nextAt: clock.now() + 1_000,
    });
    // 0.125 USD a million read units.
    expect(reading.usd).toBeCloseTo(20 * 0.125e-6, 12);
  });

  it('finds among all counters by a part, and the smallest by the whole hashtag', async () => {
    const clients = await fakeClients({
      ScanCommand: () => ({
        Items: Array.from({ length: 1_000 }, (_, index) => ({
          hashtag: { S: `tag${index}` },
          htCount: { N: `${9_000 - index}` },
        })),
      }),
      GetItemCommand: ({ Key }) =>
        JSON.stringify(Key) === '{"hashtag":{"S":"rare"}}'
          ? { Item: { hashtag: { S: 'rare' }, htCount: { N: '2' } } }
          : {},
    });
    const { reader } = readerOf(clients);
    const found = async (find: string) => (await reader.read(20, find)).top;
    expect(await found('ag99')).toHaveLength(11);
    expect(await found('#Tag999 ')).toEqual([{ hashtag: 'tag999', count: 8_001, rank: 1_000 }]);
    expect(await found('Rare')).toEqual([{ hashtag: 'rare', count: 2, rank: null }]);
    expect(await found('none')).toEqual([]);
  });

  it('reads once for callers at the same time, and not again before the pause is over', async () => {
    const { clients, scans } = await table(() => [[{ hashtag: 'a', count: 1 }]]);
    const { reader, clock } = readerOf(clients);
    await Promise.all([reader.read(10), reader.read(10)]);
    await clock.advance(999);
    await reader.read(10);
    expect(scans()).toBe(1);
    await clock.advance(1);
    await reader.read(10);
    expect(scans()).toBe(2);
  });

  it('remembers how the counts became what they are, with null where a hashtag was not there yet', async () => {
    let count = 1;
    const { clients } = await table(() => [
      [{ hashtag: 'a', count }, ...(count > 1 ? [{ hashtag: 'b', count: 1 }] : [])],
    ]);
    const { reader, clock } = readerOf(clients);
    const first = await reader.read(10);
    count = 4;
    await clock.advance(1_000);
    const { history } = await reader.read(10);
    expect(history).toEqual({
      at: [first.readAt, clock.now()],
      series: [
        { hashtag: 'a', counts: [1, 4] },
        { hashtag: 'b', counts: [null, 1] },
      ],
    });
  });

  it('says that the figure is of a part while the first reading runs', async () => {
    const { promise: secondPage, resolve: release } = Promise.withResolvers<void>();
    const pages = [[{ hashtag: 'a', count: 1 }], [{ hashtag: 'b', count: 2 }]];
    const { clients } = await table(
      () => pages,
      (index) => (index === 1 ? secondPage : Promise.resolve()),
    );
    const { reader, clock } = readerOf(clients);
    const early = reader.read(10);
    await clock.advance(500);
    expect(await early).toMatchObject({
      ...{ isWhole: false, counters: 1, readAt: null, nextAt: null },
      top: [{ hashtag: 'a', count: 1 }],
      running: { counters: 1 },
    });
    release();
    expect(await reader.read(10)).toMatchObject({ isWhole: true, counters: 2 });
  });

  it('rejects as the table does, and reads again for the next caller', async () => {
    let isRefused = true;
    const clients = await fakeClients({
      ScanCommand: () => {
        if (isRefused) throw awsError('AccessDeniedException');
        return { Items: [] };
      },
    });
    const { reader } = readerOf(clients);
    await expect(reader.read(10)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    isRefused = false;
    expect(await reader.read(10)).toMatchObject({ isWhole: true, counters: 0, top: [] });
  });
});
