import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeBill } from '../../src/costs/bill.ts';
import { readPriceList, usedItems } from '../../src/costs/price-list.ts';

const prices = readPriceList();

it('multiplies what was counted by its price, the dearest line first', () => {
  const { lines, usd } = makeBill(
    { dynamodbWriteUnits: 2_000_000, workflowLogBytes: 7_000_000_000, s3Writes: 0 },
    prices,
  );
  expect(lines.map(({ item, amount, usd }) => [item, amount, usd])).toEqual([
    ['workflowLogBytes', 7, 3.5],
    ['dynamodbWriteUnits', 2, 1.25],
  ]);
  expect(usd).toBe(4.75);
});

it('adds up by hand from the figures as printed, whatever was counted', () => {
  const counted = fc.dictionary(fc.constantFrom(...usedItems), fc.double({ min: 0, max: 1e13, noNaN: true }));
  fc.assert(
    fc.property(counted, (counted) => {
      const { lines, usd } = makeBill(counted, prices);
      for (const line of lines) {
        expect(line.amount).toBe(Number(line.amount.toFixed(4)));
        expect(line.usd).toBe(Number((line.amount * line.usdPerUnit).toFixed(4)));
      }
      const byHand = lines.reduce((sum, line) => sum + Math.round(line.usd * 10_000), 0) / 10_000;
      expect(usd).toBeCloseTo(byHand, 4);
    }),
  );
});
