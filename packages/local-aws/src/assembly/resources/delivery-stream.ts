import { CreateDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnInteger, cfnString } from '../values.ts';

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html
 */
export const deliveryStream = resourceType({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  nameProperty: 'DeliveryStreamName',
  nameMaxLength: 64,
  attributes: ['Arn'],
  schema: z.strictObject({
    DeliveryStreamName: z.string().optional(),
    DeliveryStreamType: z.enum(['DirectPut', 'KinesisStreamAsSource']).optional(),
    KinesisStreamSourceConfiguration: z.strictObject({ KinesisStreamARN: z.string(), RoleARN: z.string() }).optional(),
    ExtendedS3DestinationConfiguration: z.strictObject({
      BucketARN: z.string(),
      RoleARN: z.string(),
      Prefix: z.string().optional(),
      ErrorOutputPrefix: z.string().optional(),
      BufferingHints: z.strictObject({ IntervalInSeconds: cfnInteger, SizeInMBs: cfnInteger }).optional(),
      CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP']).optional(),
      CustomTimeZone: z.string().optional(),
      CloudWatchLoggingOptions: z
        .strictObject({
          Enabled: cfnBoolean.optional(),
          LogGroupName: z.string().optional(),
          LogStreamName: z.string().optional(),
        })
        .optional(),
      S3BackupMode: z.literal('Disabled', { error: 'only Disabled is supported by the local Firehose' }).optional(),
      DataFormatConversionConfiguration: z
        .strictObject({
          Enabled: cfnBoolean.optional(),
          InputFormatConfiguration: z
            .strictObject({
              Deserializer: z.strictObject({
                OpenXJsonSerDe: z.strictObject({ CaseInsensitive: cfnBoolean.optional() }).optional(),
                HiveJsonSerDe: z.strictObject({}).optional(),
              }),
            })
            .optional(),
          OutputFormatConfiguration: z
            .strictObject({
              Serializer: z.strictObject({
                ParquetSerDe: z.strictObject({ Compression: z.enum(['SNAPPY', 'GZIP', 'UNCOMPRESSED']).optional() }),
              }),
            })
            .optional(),
          SchemaConfiguration: z
            .strictObject({
              RoleARN: z.string().optional(),
              CatalogId: z.string().optional(),
              DatabaseName: z.string(),
              TableName: z.string(),
              Region: z.string().optional(),
              VersionId: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
      FileExtension: z.string().optional(),
      ProcessingConfiguration: z
        .strictObject({
          Enabled: cfnBoolean.optional(),
          Processors: z
            .array(
              z.strictObject({
                Type: z.enum(['AppendDelimiterToRecord', 'Lambda']),
                Parameters: z
                  .array(
                    z.strictObject({
                      ParameterName: z.enum([
                        'Delimiter',
                        'LambdaArn',
                        'NumberOfRetries',
                        'RoleArn',
                        'BufferSizeInMBs',
                        'BufferIntervalInSeconds',
                      ]),
                      ParameterValue: cfnString,
                    }),
                  )
                  .optional(),
              }),
            )
            .optional(),
        })
        .optional(),
    }),
  }),
  inert: {
    DeliveryStreamEncryptionConfigurationInput: 'nothing is encrypted on this machine by the runtime',
    'ExtendedS3DestinationConfiguration.EncryptionConfiguration': 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  async create({ physicalName }, properties, { clients }) {
    const { DeliveryStreamARN } = await clients.firehose.send(
      new CreateDeliveryStreamCommand({ ...properties, DeliveryStreamName: physicalName }),
    );
    return { ref: physicalName, attributes: { Arn: DeliveryStreamARN ?? '' } };
  },
});
