import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';

import { deployed } from '../../iam/physical.ts';
import { ofType, synthesize, synthesizeForAssertions } from '../../synthesis.ts';

const template = synthesizeForAssertions({}, 'TweetLake');
const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), name] });

describe('LakeDelivery', () => {
  it('reads the stream of TweetPipes', () => {
    const [delivery] = Object.values(
      ofType(deployed(synthesize({}, 'TweetLake')), 'AWS::KinesisFirehose::DeliveryStream'),
    );

    expect(delivery).toMatchObject({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: 'arn:aws:kinesis:eu-central-1:111122223333:stream/TweetStream',
      },
    });
  });

  it('writes gzip files of lines by hour, and what fails under errors/', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: Match.objectLike({
        BucketARN: attribute('Bucket'),
        Prefix: 'tweets/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/',
        CompressionFormat: 'GZIP',
        FileExtension: '.jsonl.gz',
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
        DataFormatConversionConfiguration: Match.absent(),
      }),
    });
  });

  it('has its rows made by the function, which gets up to 1 MB at once and is tried four times', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: Match.objectLike({
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [
                { ParameterName: 'LambdaArn', ParameterValue: attribute('FlattenTweetsFunction') },
                { ParameterName: 'RoleArn', ParameterValue: attribute('DeliveryRole') },
                { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
                { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
                { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
              ],
            },
          ],
        },
      }),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 120,
      MemorySize: 512,
    });
  });

  it('writes Parquet with the columns of the table, if the options say', () => {
    synthesizeForAssertions({ lakeFormat: 'parquet', lakeBufferSeconds: 900, lakeBufferMebibytes: 128 }, 'TweetLake')
      // The columns of a timestamp come as text, which the OpenX deserializer reads (AWS: "Convert input data format").
      .hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
        ExtendedS3DestinationConfiguration: Match.objectLike({
          CompressionFormat: 'UNCOMPRESSED',
          FileExtension: '.parquet',
          BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
          DataFormatConversionConfiguration: {
            Enabled: true,
            InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
            OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
            SchemaConfiguration: {
              CatalogId: { Ref: 'AWS::AccountId' },
              Region: { Ref: 'AWS::Region' },
              DatabaseName: { Ref: Match.stringLikeRegexp('^CatalogDatabase') },
              TableName: { Ref: Match.stringLikeRegexp('^CatalogTweets') },
              VersionId: 'LATEST',
              RoleARN: attribute('DeliveryRole'),
            },
          },
        }),
      });
  });

  it('does not synthesize Parquet files of less than 64 MiB', () => {
    const small = () => synthesize({ lakeFormat: 'parquet', lakeBufferMebibytes: 5 });

    expect(small).toThrow('tweetPipes:lakeBufferMebibytes is 5, but Firehose writes Parquet in files of at least 64');
    expect(() => synthesize({ lakeBufferMebibytes: 5 })).not.toThrow();
  });
});
