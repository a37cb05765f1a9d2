import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RecordedMetrics } from '../cloudwatch/recorded-metrics.ts';
import { streamArn } from '../pipes/fixture.ts';
import { create, put } from './fixture.ts';
import { type SourceFixture, startSourceFixture, whenDelivered } from './source-fixture.ts';

const SECOND_MS = 1_000;

let fixture: SourceFixture;
beforeAll(async () => {
  fixture = await startSourceFixture();
});
afterAll(() => fixture.stop());

it('tells what is put, how old the oldest record is, and what is delivered', async () => {
  const metrics = new RecordedMetrics();
  const service = fixture.service(`${fixture.dataFolder}-put`, { metrics });
  await create(service, 'Rows');
  await put(service, 'Rows', 'a', 'bcd');
  const of = (name: string) => metrics.of('AWS/Firehose', name, 'Rows');
  expect(of('IncomingRecords')).toEqual([2]);
  expect(of('IncomingBytes')).toEqual([4]);
  service.measureAges();
  await fixture.clock.advance(20 * SECOND_MS);
  service.measureAges();
  expect(of('DeliveryToS3.DataFreshness')).toEqual([0, 20]);

  await whenDelivered(fixture, service);
  expect(of('DeliveryToS3.Records')).toEqual([2]);
  expect(of('DeliveryToS3.Bytes')).toEqual([4]);
  expect(of('DeliveryToS3.Success')).toEqual([1]);
  const measured = of('DeliveryToS3.DataFreshness').length;
  service.measureAges();
  expect(of('DeliveryToS3.DataFreshness')).toHaveLength(measured);
});

it('tells what is read from a stream, and how far behind', async () => {
  const metrics = new RecordedMetrics();
  const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ProvisionedThroughputExceededException' });
  const service = await fixture.run(`${fixture.dataFolder}-read`, {}, { metrics });
  fixture.stream.readErrors.push(throttled);
  await fixture.put('abc');
  await whenDelivered(fixture, service);

  expect(metrics.of('AWS/Firehose', 'ThrottledGetRecords', 'Lake')).toEqual([1]);
  expect(metrics.sum('AWS/Firehose', 'DataReadFromKinesisStream.Records', 'Lake')).toBe(1);
  expect(metrics.sum('AWS/Firehose', 'DataReadFromKinesisStream.Bytes', 'Lake')).toBe(3);
  expect(metrics.of('AWS/Firehose', 'KinesisMillisBehindLatest', 'Lake').length).toBeGreaterThan(0);
  expect(metrics.sum('AWS/Kinesis', 'GetRecords.Records', streamArn.split('/')[1] ?? '')).toBe(1);
});
