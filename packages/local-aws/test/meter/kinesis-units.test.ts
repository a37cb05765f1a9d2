import { expect, it } from '@jest/globals';
import { meterKinesis } from '../../src/meter/kinesis-units.ts';
import { UnitMeter } from '../../src/meter/meter.ts';

const record = (bytes: number) => ({ Data: Buffer.alloc(bytes, 1).toString('base64'), PartitionKey: '1234' });

function metered(operation: string, input: object, output: object, payer: 'stack' | 'callers' = 'callers') {
  const meter = new UnitMeter();
  meterKinesis(operation, { ...input }, { ...output }, meter, payer);
  return meter;
}

it('counts data and key, in units of 25 KB and in steps of 1 KB', () => {
  const put = { Records: [record(100), record(1_021), record(25 * 1_024)] };
  const { stack } = metered('PutRecords', put, { Records: [{}, {}, {}] });
  expect(stack.kinesisPutUnits).toBe(1 + 1 + 2);
  expect(stack.kinesisIngestedBytes).toBe((1 + 2 + 26) * 1_024);
});

it('does not count records that were refused', () => {
  const output = { Records: [{ ErrorCode: 'ProvisionedThroughputExceededException' }, { SequenceNumber: '1' }] };
  expect(metered('PutRecords', { Records: [record(10), record(10)] }, output).stack.kinesisPutUnits).toBe(1);
});

it('counts reads of clients, but not of pipes, which count their own', () => {
  const output = { Records: [record(300), record(33)] };
  expect(metered('GetRecords', {}, output).callers.kinesisReadBytes).toBe(333);
  const byPipe = metered('GetRecords', {}, output, 'stack');
  expect([byPipe.stack.kinesisReadBytes, byPipe.callers.kinesisReadBytes]).toEqual([0, 0]);
});
