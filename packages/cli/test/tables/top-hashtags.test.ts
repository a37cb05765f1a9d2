import { describe, expect, it } from '@jest/globals';
import { topHashtags } from '../../src/tables/top-hashtags.ts';
import { fakeClients } from '../console/fake-clients.ts';

type Page = Readonly<Record<string, number>>;

async function table(...pages: Page[]) {
  let reads = 0;
  const clients = await fakeClients({
    ScanCommand: ({ ExclusiveStartKey }) => {
      reads += 1;
      const index = Number((ExclusiveStartKey as { page?: number } | undefined)?.page ?? 0);
      return {
        Items: Object.entries(pages[index] ?? {}).map(([key, count]) => ({
          hashtag: { S: key },
          htCount: { N: `${count}` },
        })),
        ConsumedCapacity: { CapacityUnits: 1 },
        ...(index + 1 < pages.length && { LastEvaluatedKey: { page: index + 1 } }),
      };
    },
  });
  return { clients, reads: () => reads };
}

describe('the largest counters', () => {
  it('are the sums of their items, wherever in the table these are', async () => {
    const { clients, reads } = await table({ small: 5, a: 1 }, { b: 6, 'a#ITEM7': 4 }, { 'a#ITEM99': 3, 'c#ITEM1': 2 });
    const cost = { items: 0, readUnits: 0 };
    expect(await topHashtags(clients, 'Hashtags', 2, { cost })).toEqual([
      { hashtag: 'a', count: 8 },
      { hashtag: 'b', count: 6 },
    ]);
    // The page that shows it is read again, and paid.
    expect([reads(), cost]).toEqual([5, { items: 4, readUnits: 5 }]);
  });

  it('are read in pages that keep the process for some milliseconds each', async () => {
    const limits: unknown[] = [];
    const clients = await fakeClients({
      ScanCommand: ({ Limit }) => {
        limits.push(Limit);
        return { Items: [] };
      },
    });
    await topHashtags(clients, 'Hashtags', 2);
    expect(limits).toEqual([4_000]);
  });

  it('are read once where each has one item', async () => {
    const { clients, reads } = await table({ a: 1, b: 3 }, { c: 2 });
    expect(await topHashtags(clients, 'Hashtags', 2)).toEqual([
      { hashtag: 'b', count: 3 },
      { hashtag: 'c', count: 2 },
    ]);
    expect(reads()).toBe(2);
  });
});
