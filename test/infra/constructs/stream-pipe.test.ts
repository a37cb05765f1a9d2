import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { ofType, synthesize, synthesizeForAssertions } from '../synthesis.ts';

const template = synthesizeForAssertions();
const attribute = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'Arn'] });

describe('StreamPipe', () => {
  it('has the same retry policy for every stream', () => {
    const sources = Object.values(ofType(synthesize({ maximumRetryAttempts: 7 }), 'AWS::Pipes::Pipe')).map(
      ({ SourceParameters }) => JSON.stringify(SourceParameters),
    );

    expect(sources).toHaveLength(3);
    for (const source of sources) {
      expect(source).toContain('"MaximumRetryAttempts":7');
      expect(source).toContain('"OnPartialBatchItemFailure":"AUTOMATIC_BISECT"');
      expect(source).toContain('"ParallelizationFactor":1');
      expect(source).toContain('"StartingPosition":"TRIM_HORIZON"');
    }
  });

  it('logs errors without record data, or nothing', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Target: attribute('IngestWorkflowStateMachine'),
      LogConfiguration: {
        Level: 'ERROR',
        IncludeExecutionData: Match.absent(),
        CloudwatchLogsLogDestination: { LogGroupArn: attribute('IngestPipeLogs') },
      },
    });
    const quiet = JSON.stringify(synthesize({ pipeLogLevel: 'OFF' }));
    expect(quiet).not.toContain('LogConfiguration"');
    expect(quiet).not.toContain('vendedlogs/pipes');
  });

  it('keeps dead letters for two weeks, encrypted', () => {
    template.allResourcesProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    template.resourceCountIs('AWS::SQS::Queue', 3);
  });
});
