import { expect, it } from '@jest/globals';
import type { Item } from '../../src/verification/stores.ts';
import { wholeCounters } from '../../src/verification/whole-counters.ts';

it('a counter is the sum of its items, with the marks of all and the latest time', () => {
  const items = new Map<string, Item>([
    ['a', { hashtag: 'a', htCount: 2, updatedAt: '2026-01-02T00:00:00Z', s0: '001' }],
    ['b', { hashtag: 'b', htCount: 'damaged' }],
    ['a#ITEM7', { hashtag: 'a#ITEM7', htCount: 5, updatedAt: '2026-01-01T00:00:00Z', s7: '007' }],
    ['c#ITEM7', { hashtag: 'c#ITEM7', htCount: 1, updatedAt: '2026-01-01T00:00:00Z' }],
  ]);
  expect([...wholeCounters(items)]).toEqual([
    ['a', { hashtag: 'a', htCount: 7, updatedAt: '2026-01-02T00:00:00Z', s0: '001', s7: '007' }],
    ['b', { hashtag: 'b', htCount: 'damaged' }],
    ['c', { hashtag: 'c', htCount: 1, updatedAt: '2026-01-01T00:00:00Z' }],
  ]);
});
