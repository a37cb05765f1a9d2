import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { type LoadContext, resourceType } from '../resource-type.ts';
import { until } from '../until.ts';
import { cfnBoolean, cfnInteger, cfnString, onlyHere } from '../values.ts';

const schema = z.strictObject({
  DeliveryStreamName: z.string().optional(),
  DeliveryStreamType: onlyHere('DirectPut', 'KinesisStreamAsSource').optional(),
  KinesisStreamSourceConfiguration: z.strictObject({ KinesisStreamARN: z.string(), RoleARN: z.string() }).optional(),
  ExtendedS3DestinationConfiguration: z.strictObject({
    BucketARN: z.string(),
    RoleARN: z.string(),
    Prefix: z.string().optional(),
    ErrorOutputPrefix: z.string().optional(),
    BufferingHints: z.strictObject({ IntervalInSeconds: cfnInteger, SizeInMBs: cfnInteger }).optional(),
    CompressionFormat: onlyHere('UNCOMPRESSED', 'GZIP').optional(),
    CustomTimeZone: z.string().optional(),
    CloudWatchLoggingOptions: z
      .strictObject({
        Enabled: cfnBoolean.optional(),
        LogGroupName: z.string().optional(),
        LogStreamName: z.string().optional(),
      })
      .optional(),
    S3BackupMode: onlyHere('Disabled').optional(),
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
              Type: onlyHere('AppendDelimiterToRecord', 'Lambda'),
              Parameters: z
                .array(
                  z.strictObject({
                    ParameterName: onlyHere(
                      'Delimiter',
                      'LambdaArn',
                      'NumberOfRetries',
                      'RoleArn',
                      'BufferSizeInMBs',
                      'BufferIntervalInSeconds',
                    ),
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
});

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html
 */
export const deliveryStream = resourceType({
  type: 'AWS::KinesisFirehose::DeliveryStream',
  nameProperty: 'DeliveryStreamName',
  nameMaxLength: 64,
  attributes: ['Arn'],
  schema,
  inert: {
    DeliveryStreamEncryptionConfigurationInput: 'nothing is encrypted on this machine by the runtime',
    'ExtendedS3DestinationConfiguration.EncryptionConfiguration': 'nothing is encrypted on this machine by the runtime',
    Tags: 'tags change no behaviour',
  },
  createOnly: ['DeliveryStreamType', 'KinesisStreamSourceConfiguration'],
  deletedWithIt: 'its buffer, once that is delivered',
  exists: async ({ physicalName }, _properties, { clients }) => (await describe(physicalName, clients)) !== undefined,
  async create({ physicalName: DeliveryStreamName }, properties, { clients }) {
    const { firehose } = clients;
    const command = new CreateDeliveryStreamCommand({ ...properties, DeliveryStreamName });
    const created = await unlessError(firehose.send(command), 'ResourceInUseException');
    if (created !== undefined) return { ref: DeliveryStreamName, attributes: { Arn: created.DeliveryStreamARN ?? '' } };
    const found = await describe(DeliveryStreamName, clients);
    await firehose.send(
      new UpdateDestinationCommand({
        DeliveryStreamName,
        CurrentDeliveryStreamVersionId: found?.VersionId,
        DestinationId: found?.Destinations?.[0]?.DestinationId,
        ExtendedS3DestinationUpdate: destinationOf(properties),
      }),
    );
    return { ref: DeliveryStreamName, attributes: { Arn: found?.DeliveryStreamARN ?? '' } };
  },
  async delete({ ref: DeliveryStreamName }, { clients, clock }) {
    const command = new DeleteDeliveryStreamCommand({ DeliveryStreamName });
    await unlessError(clients.firehose.send(command), 'ResourceNotFoundException');
    await until(clock, `The deletion of delivery stream ${DeliveryStreamName}`, async () => {
      const { DeliveryStreamStatus: status, FailureDescription: failure } =
        (await describe(DeliveryStreamName, clients)) ?? {};
      if (status === 'DELETING_FAILED') throw new Error(`It was not deleted: ${failure?.Details}`);
      return status === undefined ? true : undefined;
    });
  },
});

async function describe(
  DeliveryStreamName: string,
  { firehose }: LoadContext['clients'],
): Promise<DeliveryStreamDescription | undefined> {
  const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName });
  return (await unlessError(firehose.send(command), 'ResourceNotFoundException'))?.DeliveryStreamDescription;
}

/** The whole destination: what the properties leave out is removed by name or has its default. */
function destinationOf({ ExtendedS3DestinationConfiguration: given }: z.infer<typeof schema>) {
  const { DataFormatConversionConfiguration: conversion } = given;
  const isConverted = conversion !== undefined && conversion.Enabled !== false;
  return {
    Prefix: '',
    ErrorOutputPrefix: '',
    FileExtension: '',
    CustomTimeZone: 'UTC',
    CompressionFormat: 'UNCOMPRESSED' as const,
    BufferingHints: { SizeInMBs: isConverted ? 128 : 5, IntervalInSeconds: 300 },
    CloudWatchLoggingOptions: { Enabled: false },
    ProcessingConfiguration: { Enabled: false },
    DataFormatConversionConfiguration: { Enabled: false },
    ...given,
  };
}
