import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { ofType, synthesize, synthesizeForAssertions } from '../synthesis.ts';

const template = synthesizeForAssertions();
const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), name] });

describe.each([
  ['tweets', 'TablesTweets', 'TweetArchive'],
  ['hashtags', 'TablesHashtags', 'HashtagArchive'],
])('RemovalArchive of %s', (label, table, archive) => {
  it('takes removals and nothing else from its own table', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: attribute(table, 'StreamArn'),
      SourceParameters: Match.objectLike({ FilterCriteria: { Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }] } }),
      Enrichment: attribute('FlattenRemovalsFunction'),
      Target: attribute(`${archive}DeliveryStream`),
    });
  });

  it('isolates what fails and keeps a dead letter, an hour before the table stream drops the record', () => {
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: attribute(table, 'StreamArn'),
      SourceParameters: Match.objectLike({
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 1,
          ParallelizationFactor: 1,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          MaximumRetryAttempts: 10,
          MaximumRecordAgeInSeconds: 82_800,
          DeadLetterConfig: { Arn: attribute(`${archive}DeadLetters`) },
        },
      }),
    });
  });

  it('delivers gzip files of lines by hour, and what fails under errors/', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: Match.objectLike({
        BucketARN: attribute('ArchiveBucket'),
        Prefix: `deleted/${label}/!{timestamp:yyyy/MM/dd/HH}/`,
        ErrorOutputPrefix: `errors/${label}/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        FileExtension: '.jsonl.gz',
        CompressionFormat: 'GZIP',
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
          ],
        },
      }),
    });
  });
});

describe('RemovalArchive', () => {
  it('takes its numbers from the options', () => {
    const changed = synthesize({
      archiveBatchSize: 500,
      archiveBatchWindowSeconds: 20,
      archiveBufferSeconds: 0,
      archiveBufferMebibytes: 1,
    });
    const archives = Object.entries(ofType(changed, 'AWS::Pipes::Pipe')).filter(([id]) => !id.startsWith('Ingest'));
    const deliveries = Object.values(ofType(changed, 'AWS::KinesisFirehose::DeliveryStream'));

    expect(archives).toHaveLength(2);
    for (const [, { SourceParameters }] of archives) {
      expect(SourceParameters).toMatchObject({
        DynamoDBStreamParameters: { BatchSize: 500, MaximumBatchingWindowInSeconds: 20 },
      });
    }
    expect(deliveries).toHaveLength(2);
    for (const { ExtendedS3DestinationConfiguration } of deliveries) {
      expect(ExtendedS3DestinationConfiguration).toMatchObject({
        BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 1 },
      });
    }
  });
});
