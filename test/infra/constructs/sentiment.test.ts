import { describe, expect, it } from '@jest/globals';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { TweetLakeStack } from '../../../infra/tweet-lake-stack.ts';
import { appWith, ofType, synthesize, synthesizeForAssertions } from '../synthesis.ts';

const options = { sentiment: 'comprehend' };
const template = synthesizeForAssertions(options, 'TweetLake');
const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), name] });

/** What the CDK CLI prints of the lake. */
function notices(given: Record<string, unknown>) {
  const lake = appWith(given, { builtinCloudFormationValidation: false }).node.findChild('TweetLake');
  if (!(lake instanceof TweetLakeStack)) throw new Error('There is no lake.');
  return Annotations.fromStack(lake).findInfo('*', Match.stringLikeRegexp('300 USD for a million tweets'));
}

describe('sentiment', () => {
  it('is off unless it is asked for', () => {
    const lake = synthesize({}, 'TweetLake');

    expect(ofType(lake, 'AWS::Pipes::Pipe')).toEqual({});
    expect(ofType(lake, 'AWS::StepFunctions::StateMachine')).toEqual({});
    expect(JSON.stringify(lake)).not.toMatch(/comprehend/i);
  });

  it('says its price before anything is deployed', () => {
    expect(notices(options)).toHaveLength(1);
    expect(notices({})).toEqual([]);
  });

  it('leaves the template of TweetPipes as it is', () => {
    expect(synthesize(options)).toEqual(synthesize());
  });

  it('takes new tweets and nothing else from the stream of the table, which it imports', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: { 'Fn::ImportValue': 'TweetPipes-TweetTableStreamArn' },
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 5,
          ParallelizationFactor: 1,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          MaximumRetryAttempts: 10,
          MaximumRecordAgeInSeconds: 82_800,
          DeadLetterConfig: { Arn: attribute('SentimentDeadLetters') },
        },
      },
    });
  });

  it('hands the whole item to the workflow, and its rows to Firehose', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Enrichment: attribute('SentimentWorkflowStateMachine'),
      EnrichmentParameters: { InputTemplate: '{"item": <$.dynamodb.NewImage>}' },
      Target: attribute('SentimentDeliveryStream'),
    });
  });

  it('writes gzip files of lines by hour, and what fails under errors/', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: Match.objectLike({
        Prefix: 'sentiment/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'errors/sentiment/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/',
        FileExtension: '.jsonl.gz',
        CompressionFormat: 'GZIP',
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
      }),
    });
  });

  it('logs the workflow without the tweets, in a group of its own', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'EXPRESS',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/TweetLake-sentiment',
    });
  });

  it.each([
    ['ALL', 1],
    ['ERROR', 1],
    ['FATAL', 0],
    ['OFF', 0],
  ])('counts errors of Comprehend where the log has them: %s', (logLevel, filters) => {
    const found = ofType(synthesize({ ...options, logLevel }, 'TweetLake'), 'AWS::Logs::MetricFilter');

    expect(Object.values(found)).toHaveLength(filters);
    for (const { FilterPattern } of Object.values(found)) {
      expect(FilterPattern).toBe('{ ($.type = "TaskFailed") && ($.details.error = "Comprehend.*") }');
    }
  });

  it('names its pipe among the outputs', () => {
    expect(Object.keys(synthesize(options, 'TweetLake').Outputs)).toContain('SentimentPipeName');
  });
});
