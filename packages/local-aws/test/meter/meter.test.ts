import { expect, it } from '@jest/globals';
import { payerOf, stackOf, UnitMeter, unitsOf } from '../../src/meter/meter.ts';
import { meteredItems, noUnits, scaledUnits, unitsSince } from '../../src/meter/metered.ts';
import { WORKER_ACCESS_KEY_ID } from '../../src/worker-key.ts';

it('counts usage of the stack and of clients separately', () => {
  const meter = new UnitMeter();
  meter.add('s3Writes', 2);
  meter.add('s3Writes', 3, 'callers');
  expect([meter.stack.s3Writes, meter.callers.s3Writes]).toEqual([2, 3]);
});

it('counts the usage of each stack apart, and all of it together', () => {
  const meter = new UnitMeter();
  meter.separate(['TweetPipes', 'TweetLake']);
  meter.of('TweetPipes-Ingest').add('pipesRequests', 1);
  meter.of('arn:aws:states:us-east-1:000000000000:stateMachine:TweetPipes-Workflow').add('expressRequests', 2);
  meter.of('tweetlake-bucket').of('TweetLake-Other').add('s3Writes', 4);
  meter.of('TweetLake').add('athenaScannedBytes', 8, 'callers');
  meter.of('elsewhere').add('s3Writes', 16);
  meter.add('s3Writes', 32);
  expect(meter.byStack).toEqual({
    TweetPipes: { ...noUnits, pipesRequests: 1, expressRequests: 2 },
    TweetLake: { ...noUnits, s3Writes: 4 },
  });
  expect(meter.stack).toEqual({ ...noUnits, pipesRequests: 1, expressRequests: 2, s3Writes: 4 + 16 + 32 });
});

it.each([
  ['TweetLake', 'TweetLake'],
  ['tweetlake', 'TweetLake'],
  ['TweetLake-Delivery', 'TweetLake'],
  ['tweetlake-bucket', 'TweetLake'],
  ['my_stack', 'My-Stack'],
  ['My-Stack-Two-Table', 'My-Stack-Two'],
  ['arn:aws:lambda:us-east-1:000000000000:function:TweetLake-Flatten', 'TweetLake'],
  ['arn:aws:firehose:us-east-1:000000000000:deliverystream/TweetLake-Delivery', 'TweetLake'],
  ['http://127.0.0.1:4566/000000000000/TweetLake-Queue', 'TweetLake'],
  ['TweetLakes-Delivery', undefined],
  ['', undefined],
])('finds the stack of %s', (resource, stack) => {
  expect(stackOf(resource, ['My-Stack', 'TweetLake', 'My-Stack-Two'])).toBe(stack);
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
