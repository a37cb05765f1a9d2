import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { billsByStack, makeBill } from '../../src/costs/bill.ts';
import { readPriceList, usedItems } from '../../src/costs/price-list.ts';

const prices = readPriceList();

it('multiplies what was counted by its price, the dearest line first', () => {
  const { lines, usd } = makeBill(
    { Core: { dynamodbWriteUnits: 2_000_000, workflowLogBytes: 7_000_000_000, s3Writes: 0 } },
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
      const { lines, usd } = makeBill({ Core: counted, Lake: counted }, prices);
      for (const line of lines) {
        expect(line.amount).toBe(Number(line.amount.toFixed(4)));
        expect(line.usd).toBe(Number((line.amount * line.usdPerUnit).toFixed(4)));
      }
      const byHand = lines.reduce((sum, line) => sum + Math.round(line.usd * 10_000), 0) / 10_000;
      expect(usd).toBeCloseTo(byHand, 4);
    }),
  );
});

it('tells whose each line is, and the sum of each stack, the dearest first', () => {
  const bill = makeBill({ Core: { s3Writes: 1_000_000 }, Lake: { s3Writes: 3_000_000, glueRequests: 5e6 } }, prices);
  expect(bill.lines.map(({ stack, usd }) => [stack, usd])).toEqual([
    ['Lake', 15],
    ['Core', 5],
    ['Lake', 5],
  ]);
  expect(billsByStack(bill).map(([stack, { lines, usd }]) => [stack, lines.length, usd])).toEqual([
    ['Lake', 2, 20],
    ['Core', 1, 5],
  ]);
  expect(bill.usd).toBe(25);
});
