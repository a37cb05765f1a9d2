import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { ofType, synthesize } from '../synthesis.ts';

const template = synthesize();
const alarmSchema = z.looseObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  AlarmActions: z.array(z.unknown()),
});
const alarms = Object.values(ofType(template, 'AWS::CloudWatch::Alarm')).map((alarm) => alarmSchema.parse(alarm));

/** `Metric of LogicalId` for each alarm in the namespace; a second dimension follows in brackets. */
function watched(namespace: string): string[] {
  return alarms
    .filter((alarm) => alarm.Namespace === namespace)
    .map(({ MetricName, Dimensions }) => {
      const [id] = Object.keys(template.Resources).filter((key) => JSON.stringify(Dimensions).includes(`"${key}"`));
      const literals = Dimensions.filter(({ Value }) => typeof Value === 'string').map(({ Value }) => `[${Value}]`);
      return [MetricName, id?.replace(/[0-9A-F]{8}$/, ''), ...literals].join(' ');
    })
    .sort();
}

describe('Alarms', () => {
  it('watch every pipe for failed executions, timeouts and stages', () => {
    expect(watched('AWS/EventBridge/Pipes')).toEqual([
      'EnrichmentStageFailed HashtagArchivePipe',
      'EnrichmentStageFailed TweetArchivePipe',
      'ExecutionFailed HashtagArchivePipe',
      'ExecutionFailed IngestPipe',
      'ExecutionFailed TweetArchivePipe',
      'ExecutionTimeout HashtagArchivePipe',
      'ExecutionTimeout IngestPipe',
      'ExecutionTimeout TweetArchivePipe',
      'TargetStageFailed HashtagArchivePipe',
      'TargetStageFailed IngestPipe',
      'TargetStageFailed TweetArchivePipe',
    ]);
  });

  it('watch every dead-letter queue, the age of the stream, the quarantine and rows that could not be flattened', () => {
    expect(watched('AWS/SQS')).toEqual([
      'ApproximateNumberOfMessagesVisible HashtagArchiveDeadLetters',
      'ApproximateNumberOfMessagesVisible IngestDeadLetters',
      'ApproximateNumberOfMessagesVisible TweetArchiveDeadLetters',
    ]);
    expect(watched('AWS/Kinesis')).toEqual(['GetRecords.IteratorAgeMilliseconds TweetStream']);
    expect(watched('AWS/S3')).toEqual([
      'PutRequests ArchiveBucket [OutOfOrder]',
      'PutRequests ArchiveBucket [Quarantine]',
    ]);
    expect(watched('TweetPipes')).toEqual(['ErrorRows FlattenRemovalsFunction']);
  });

  it('go off at the first failure and treat missing data as good', () => {
    const failures = alarms.filter(({ MetricName }) => MetricName !== 'GetRecords.IteratorAgeMilliseconds');

    for (const alarm of failures) expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 1, Period: 300 });
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
    }
    expect(alarms).toContainEqual(
      expect.objectContaining({
        MetricName: 'GetRecords.IteratorAgeMilliseconds',
        Statistic: 'Maximum',
        Threshold: 900_000,
      }),
    );
  });

  it('all tell the topic', () => {
    const [topic] = Object.keys(ofType(template, 'AWS::SNS::Topic'));

    expect(new Set(alarms.map(({ AlarmActions }) => JSON.stringify(AlarmActions)))).toEqual(
      new Set([JSON.stringify([{ Ref: topic }])]),
    );
  });

  it('reach a person if the options name one', () => {
    expect(ofType(template, 'AWS::SNS::Subscription')).toEqual({});
    expect(Object.values(ofType(synthesize({ alarmEmail: 'a@example.com' }), 'AWS::SNS::Subscription'))).toMatchObject([
      { Protocol: 'email', Endpoint: 'a@example.com' },
    ]);
  });
});
