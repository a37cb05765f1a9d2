import { expect, it } from '@jest/globals';
import { templateSchema } from '@tweet-pipes/local-aws/assembly/template';
import { measuringTemplate } from '../../src/costs/measuring-template.ts';

const ingest = {
  Role: 'role',
  SourceParameters: { KinesisStreamParameters: { BatchSize: 100, StartingPosition: 'x' } },
};
const archive = { SourceParameters: { DynamoDBStreamParameters: { BatchSize: 100 } } };

it.each([
  ['on demand', { StreamModeDetails: { StreamMode: 'ON_DEMAND' }, RetentionPeriodHours: 24 }],
  ['provisioned', { ShardCount: 9, RetentionPeriodHours: 24 }],
])('sets shards and batching, holds the ingest pipe, and leaves the rest: %s', (_, stream) => {
  const template = templateSchema.parse({
    Resources: {
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: stream },
      Ingest: { Type: 'AWS::Pipes::Pipe', Properties: ingest },
      Archive: { Type: 'AWS::Pipes::Pipe', Properties: archive },
      Alarm: { Type: 'AWS::CloudWatch::Alarm' },
      OtherStream: { Type: 'AWS::Kinesis::Stream', Properties: stream },
      OtherIngest: { Type: 'AWS::Pipes::Pipe', Properties: ingest },
    },
    Outputs: { TweetStreamName: { Value: { Ref: 'Stream' } }, IngestPipeName: { Value: { Ref: 'Ingest' } } },
  });
  expect(measuringTemplate(template, { shards: 3, batchSize: 14, windowSeconds: 60 })).toEqual({
    ...template,
    Resources: {
      ...template.Resources,
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 3, RetentionPeriodHours: 24 } },
      Ingest: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          Role: 'role',
          DesiredState: 'STOPPED',
          SourceParameters: {
            KinesisStreamParameters: {
              BatchSize: 14,
              MaximumBatchingWindowInSeconds: 60,
              StartingPosition: 'x',
            },
          },
        },
      },
    },
  });
});
