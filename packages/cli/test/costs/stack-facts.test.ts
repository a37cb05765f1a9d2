import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Template, templateSchema } from '@tweet-pipes/local-aws/assembly/template';
import { readAppFacts } from '../../src/costs/stack-facts.ts';
import { synthesizeFacts } from '../../src/costs/synthesize-facts.ts';

/** The template of a pipeline beside another stream and pipe. */
function pipeline(streamProperties: object, more: object = {}): Template {
  const reads = (SourceParameters: object) => ({ Type: 'AWS::Pipes::Pipe', Properties: { SourceParameters } });
  const kinesis = (BatchSize: number) => ({
    KinesisStreamParameters: { BatchSize, MaximumBatchingWindowInSeconds: 1 },
  });
  return templateSchema.parse({
    Resources: {
      OtherStream: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 24, ShardCount: 9 } },
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 24, ...streamProperties } },
      OtherIngest: reads(kinesis(7)),
      Ingest: reads(kinesis(100)),
      Archive: reads({ DynamoDBStreamParameters: { BatchSize: 10 } }),
      OtherWorkflow: { Type: 'AWS::StepFunctions::StateMachine' },
      Workflow: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          DefinitionSubstitutions: { TweetRetentionSeconds: '864000', DeletionRetentionSeconds: '1728000' },
        },
      },
      ...more,
    },
    Outputs: {
      TweetStreamName: { Value: { Ref: 'Stream' } },
      IngestPipeName: { Value: { Ref: 'Ingest' } },
      WorkflowArn: { Value: { 'Fn::GetAtt': ['Workflow', 'Arn'] } },
    },
  });
}

const coreOf = (template: Template) => readAppFacts({ Core: template });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tweet-pipes-facts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

describe('the facts of the app', () => {
  it('are what its options put into the templates', async () => {
    const options = {
      shards: 3,
      streamRetentionHours: 48,
      ingestBatchSize: 50,
      ingestBatchWindowSeconds: 7,
      tweetRetentionDays: 10,
      deletionRetentionDays: 20,
      counterItems: 4,
      logLevel: 'ERROR',
      logRetentionDays: 14,
      archiveRetentionDays: 100,
      lakeBufferSeconds: 60,
      lakeBufferMebibytes: 5,
      lakeRetentionDays: 500,
      quarantineRetentionDays: 40,
      archiveContent: 'keys',
      forgetEveryHours: 6,
    };
    const context = Object.entries(options).map(([name, value]) => [`tweetPipes:${name}`, String(value)]);
    const { core, pipeline, stacks, forgetting } = await synthesizeFacts(Object.fromEntries(context), folder, [
      'TweetPipes',
      'TweetLake',
    ]);
    expect(core).toBe('TweetPipes');
    const { ingestBatchSize, ingestBatchWindowSeconds, tweetRetentionDays, deletionRetentionDays, counterItems } =
      options;
    expect(pipeline).toEqual({
      stream: { shards: 3, retentionHours: 48 },
      ingestBatchSize,
      ingestBatchWindowSeconds,
      tweetRetentionDays,
      deletionRetentionDays,
      counterItems,
      logLevel: 'ERROR',
    });
    expect(stacks.TweetPipes).toMatchObject({
      streams: [pipeline.stream],
      logRetentionDays: 14,
      objectRetentionDays: 100,
      tableStreamPipes: 2,
      keys: 1,
      dashboards: 1,
      catalogObjects: 0,
    });
    expect(stacks.TweetPipes?.alarmMetrics).toBeGreaterThan(10);
    expect(stacks.TweetLake).toMatchObject({
      streams: [],
      deliveries: [{ intervalSeconds: 60, bufferBytes: 5 * 1024 * 1024, hasTransformation: true }],
      objectRetentionDays: 500,
      tableStreamPipes: 0,
      dashboards: 1,
    });
    expect(stacks.TweetLake?.catalogObjects).toBeGreaterThan(5);
    expect(forgetting).toEqual({
      stack: 'TweetLake',
      everyHours: 6,
      memoryGigabytes: 2,
      searchesArchive: true,
      retentionDays: { 'tweets/': 500, 'sentiment/': 500, 'errors/': 40, 'quarantine/': 40, 'deleted/': 100 },
    });
  });

  it('name the mode of the stream, or its shards, of the stream and the pipe that the outputs name', () => {
    expect(coreOf(pipeline(onDemand)).pipeline).toMatchObject({
      stream: { shards: 'on-demand' },
      ingestBatchSize: 100,
      logLevel: 'OFF',
      tweetRetentionDays: 10,
    });
    expect(coreOf(pipeline({ ShardCount: 4 })).pipeline.stream.shards).toBe(4);
  });

  it('count what stands, and take the longest retention of logs and objects', () => {
    const more = {
      ShortLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
      LongLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 60 } },
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
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'm' } },
      AlarmOnExpression: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Expression: 'a + b' }, { Id: 'a', MetricStat: {} }, { Id: 'b', MetricStat: {} }] },
      },
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard' },
      Key: { Type: 'AWS::KMS::Key' },
      Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] } },
      Gateway: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Gateway' } },
      Notebook: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { VolumeSizeInGB: 5 } },
    };
    expect(coreOf(pipeline(onDemand, more)).stacks.Core).toMatchObject({
      logRetentionDays: 60,
      objectRetentionDays: 365,
      alarmMetrics: 3,
      dashboards: 1,
      keys: 1,
      interfaceEndpoints: 2,
      notebookVolumeBytes: 5_000_000_000,
      tableStreamPipes: 1,
    });
    expect(coreOf(pipeline(onDemand)).stacks.Core).toMatchObject({
      logRetentionDays: 0,
      objectRetentionDays: 0,
      alarmMetrics: 0,
      dashboards: 0,
      keys: 0,
    });
  });

  it('cannot be read from templates without the pipeline, or without a part of it', () => {
    const { Resources, ...rest } = pipeline(onDemand);
    expect(() => coreOf({ ...rest, Resources, Outputs: {} })).toThrow('--stacks TweetPipes,Core');
    const { Ingest: _, ...others } = Resources;
    expect(() => coreOf({ ...rest, Resources: others })).toThrow('IngestPipeName');
  });

  it('are of stacks of the app', async () => {
    await expect(synthesizeFacts({}, folder, ['TweetPond'])).rejects.toThrow(/no stack TweetPond.*TweetLake/);
  });
});
