import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Largest } from '../../src/tables/largest.ts';

describe('the largest of many', () => {
  it('are those that sorting all of them would put first, in that order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 12 }), (numbers, limit) => {
        const largest = new Largest<number>(limit, (a, b) => b - a);
        for (const number of numbers) largest.add(number);
        expect(largest.list()).toEqual(numbers.toSorted((a, b) => b - a).slice(0, limit));
      }),
      { numRuns: 300 },
    );
  });
});
