import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { meteredItems } from '@tweet-pipes/local-aws/meter/metered';
import { parsePriceList, readPriceList, standingItems, storedItems, usedItems } from '../../src/costs/price-list.ts';

const file: unknown = JSON.parse(
  readFileSync(new URL('../../src/costs/prices.us-east-1.json', import.meta.url), 'utf8'),
);

function changed(change: (list: { prices: Record<string, unknown> }) => void): unknown {
  const list = structuredClone(file) as { prices: Record<string, unknown> };
  change(list);
  return list;
}

it('has a price for each thing that is metered, kept, standing or a query, and for nothing else', () => {
  const items = [...usedItems, ...storedItems, ...standingItems];
  expect(Object.keys(readPriceList().prices).sort()).toEqual(items.sort());
});

it('prices everything that is metered but bytes put into S3, which cost as long as they are kept, and objects counted twice', () => {
  const priced: readonly string[] = usedItems;
  expect(meteredItems.filter((item) => !priced.includes(item))).toEqual(['s3StoredBytes', 's3DeliveredObjects']);
});

it('refuses a list that lacks the price of a metered item, and names the item', () => {
  const lacking = changed(({ prices }) => {
    delete prices.pipesRequests;
  });
  expect(() => parsePriceList(lacking)).toThrow('pipesRequests');
});

it('refuses a price for something that is not known', () => {
  const more = changed(({ prices }) => {
    prices.goodwill = prices.pipesRequests;
  });
  expect(() => parsePriceList(more)).toThrow('goodwill');
});

it('says of each price where it was found', () => {
  for (const { source } of Object.values(readPriceList().prices)) expect(source).toMatch(/^https:\/\//);
});
