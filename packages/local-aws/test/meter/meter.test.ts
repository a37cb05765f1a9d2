import { expect, it } from '@jest/globals';
import { payerOf, UnitMeter, unitsOf } from '../../src/meter/meter.ts';
import { meteredItems, noUnits, scaledUnits, unitsSince } from '../../src/meter/metered.ts';
import { WORKER_ACCESS_KEY_ID } from '../../src/worker-key.ts';

it('counts usage of the stack and of clients separately', () => {
  const meter = new UnitMeter();
  meter.add('s3Writes', 2);
  meter.add('s3Writes', 3, 'callers');
  expect([meter.stack.s3Writes, meter.callers.s3Writes]).toEqual([2, 3]);
});

it('identifies the workers of the runtime by their key', () => {
  expect(payerOf({ accessKeyId: WORKER_ACCESS_KEY_ID })).toBe('stack');
  expect(payerOf({ accessKeyId: 'local' })).toBe('callers');
});

it('returns immutable readings, and the usage between two', () => {
  const meter = new UnitMeter();
  const before = meter.stack;
  meter.add('dynamodbReadUnits', 0.5);
  meter.add('dynamodbReadUnits', 1);
  expect(before).toEqual(noUnits);
  expect(unitsSince(before, meter.stack)).toEqual({ ...noUnits, dynamodbReadUnits: 1.5 });
});

it('scales every item', () => {
  const ones = Object.fromEntries(meteredItems.map((item) => [item, 1]));
  expect(scaledUnits({ ...noUnits, ...ones }, 4)).toEqual(Object.fromEntries(meteredItems.map((item) => [item, 4])));
});

it.each([
  [0, 1],
  [1, 1],
  [1_024, 1],
  [1_025, 2],
])('rounds %d bytes up to %d units of 1 KB', (bytes, units) => {
  expect(unitsOf(bytes, 1_024)).toBe(units);
});
