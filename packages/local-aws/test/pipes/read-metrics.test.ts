import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { countReads } from '../../src/pipes/read-metrics.ts';
import { RecordedMetrics } from '../cloudwatch/recorded-metrics.ts';
import { recordOf } from './fixture.ts';

const clock = new ManualClock();

it('tells how old the last record of a read is, and 0 at the tip', () => {
  const metrics = new RecordedMetrics();
  const count = countReads('arn:aws:kinesis:us-east-1:000000000000:stream/tweets', clock, metrics);
  count([
    { ...recordOf(1), arrivalMs: clock.now() - 9_000 },
    { ...recordOf(2), arrivalMs: clock.now() - 4_000 },
  ]);
  count([]);

  expect(metrics.of('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', 'tweets')).toEqual([4_000, 0]);
  expect(metrics.of('AWS/Kinesis', 'GetRecords.Records', 'tweets')).toEqual([2, 0]);
  expect(metrics.of('AWS/Kinesis', 'GetRecords.Success', 'tweets')).toEqual([1, 1]);
});

it('counts the records of a table stream by its label', () => {
  const metrics = new RecordedMetrics();
  const label = '2026-11-29T11:30:00.000';
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/tweets/stream/${label}`;
  const count = countReads(arn, clock, metrics);
  count([recordOf(1), recordOf(2)]);
  count([]);

  expect(metrics.of('AWS/DynamoDB', 'ReturnedRecordsCount', 'GetRecords', label, 'tweets')).toEqual([2]);
});
