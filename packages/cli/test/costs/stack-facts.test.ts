import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Template, templateSchema } from '@tweet-pipes/local-aws/assembly/template';
import { readStackFacts } from '../../src/costs/stack-facts.ts';
import { synthesizeFacts } from '../../src/costs/synthesize-facts.ts';

const pipes = {
  Ingest: { KinesisStreamParameters: { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 } },
  Archive: { DynamoDBStreamParameters: { BatchSize: 10 } },
};

function template(streamProperties: object, more: object = {}): Template {
  return templateSchema.parse({
    Resources: {
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 24, ...streamProperties } },
      Workflow: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          DefinitionSubstitutions: { TweetRetentionSeconds: '864000', DeletionRetentionSeconds: '1728000' },
        },
      },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          LifecycleConfiguration: {
            Rules: [
              { Prefix: 'quarantine/', ExpirationInDays: 9 },
              { Prefix: 'deleted/', ExpirationInDays: 365 },
              { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
            ],
          },
        },
      },
      ...Object.fromEntries(
        Object.entries(pipes).map(([id, SourceParameters]) => [
          id,
          { Type: 'AWS::Pipes::Pipe', Properties: { SourceParameters } },
        ]),
      ),
      ...more,
    },
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-facts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

describe('the facts of a stack', () => {
  it('are what the options of the app put into its template', async () => {
    const options = {
      shards: 3,
      streamRetentionHours: 48,
      ingestBatchSize: 50,
      ingestBatchWindowSeconds: 7,
      tweetRetentionDays: 10,
      deletionRetentionDays: 20,
      logLevel: 'ERROR',
      logRetentionDays: 14,
      archiveRetentionDays: 100,
    };
    const context = Object.entries(options).map(([name, value]) => [`tweetPipes:${name}`, String(value)]);
    const facts = await synthesizeFacts(Object.fromEntries(context), folder);
    expect(facts).toMatchObject({ ...options, tableStreamPipes: 2, keys: 1, dashboards: 1 });
    expect(facts.alarmMetrics).toBeGreaterThan(10);
  });

  it('name the mode of the stream, or its shards', () => {
    expect(readStackFacts(template(onDemand)).shards).toBe('on-demand');
    expect(readStackFacts(template({ ShardCount: 4 })).shards).toBe(4);
  });

  it('count metrics of alarms, dashboards, keys and pipes from tables, and take the longest retention of logs', () => {
    const more = {
      ShortLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
      LongLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 60 } },
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'm' } },
      AlarmOnExpression: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Expression: 'a + b' }, { Id: 'a', MetricStat: {} }, { Id: 'b', MetricStat: {} }] },
      },
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard' },
      Key: { Type: 'AWS::KMS::Key' },
    };
    expect(readStackFacts(template(onDemand, more))).toMatchObject({
      logRetentionDays: 60,
      alarmMetrics: 3,
      dashboards: 1,
      keys: 1,
      tableStreamPipes: 1,
    });
    expect(readStackFacts(template(onDemand))).toMatchObject({
      logLevel: 'OFF',
      logRetentionDays: 0,
      alarmMetrics: 0,
      dashboards: 0,
      keys: 0,
    });
  });

  it('cannot be read from a template that lacks a part of the pipeline', () => {
    const { Resources, ...rest } = template(onDemand);
    const without = (id: string) => ({
      ...rest,
      Resources: Object.fromEntries(Object.entries(Resources).filter(([each]) => each !== id)),
    });
    expect(() => readStackFacts(without('Stream'))).toThrow('AWS::Kinesis::Stream');
    expect(() => readStackFacts(without('Ingest'))).toThrow('no pipe that reads a Kinesis stream');
  });
});
