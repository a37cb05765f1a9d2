import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { ofType, synthesize, synthesizeForAssertions } from '../synthesis.ts';

const template = synthesizeForAssertions();
const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), name] });

describe('IngestPipe', () => {
  it('reads the stream from its beginning, one execution per shard at a time', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: attribute('TweetStream'),
      SourceParameters: {
        KinesisStreamParameters: Match.objectLike({
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 320,
          MaximumBatchingWindowInSeconds: 1,
          ParallelizationFactor: 1,
        }),
      },
    });
  });

  it('isolates a record that fails, gives it up in time, and keeps a dead letter', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      SourceParameters: {
        KinesisStreamParameters: Match.objectLike({
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          MaximumRetryAttempts: 10,
          MaximumRecordAgeInSeconds: 82_800,
          DeadLetterConfig: { Arn: attribute('IngestDeadLetters') },
        }),
      },
    });
  });

  it('hands on identity, arrival time and record, and waits for the workflow', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Target: attribute('IngestWorkflowStateMachine'),
      TargetParameters: {
        InputTemplate: '{"tweet": <$.data>, "eventID": <$.eventID>, "arrivedAt": <$.approximateArrivalTimestamp>}',
        StepFunctionStateMachineParameters: { InvocationType: 'REQUEST_RESPONSE' },
      },
    });
  });

  it('filters nothing, since a filter on data would drop what is not JSON', () => {
    const pipes = ofType(synthesize(), 'AWS::Pipes::Pipe');
    const ingest = Object.entries(pipes).find(([id]) => id.startsWith('Ingest'))?.[1];

    expect(ingest?.SourceParameters).toEqual({ KinesisStreamParameters: expect.anything() });
  });

  it('takes its numbers from the options', () => {
    const options = {
      ingestBatchSize: 33,
      ingestBatchWindowSeconds: 4,
      ingestRecordAgeSeconds: 600,
      maximumRetryAttempts: 5,
    };
    synthesizeForAssertions(options).hasResourceProperties('AWS::Pipes::Pipe', {
      SourceParameters: {
        KinesisStreamParameters: Match.objectLike({
          BatchSize: 33,
          MaximumBatchingWindowInSeconds: 4,
          MaximumRecordAgeInSeconds: 600,
          MaximumRetryAttempts: 5,
        }),
      },
    });
  });
});
