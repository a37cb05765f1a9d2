import type { DeliveryStreamDescription, ProcessorParameter } from '@aws-sdk/client-firehose';

import type { StreamDefinition } from './definition.ts';

/** The state that DescribeDeliveryStream shows. */
export interface DescribedStream {
  definition: StreamDefinition;
  arn: string;
  createdMs: number;
  /**
   * Set by DeleteDeliveryStream. Resolves when the journals are delivered and the folder is removed, or its removal
   * failed.
   */
  deleting: Promise<void> | undefined;
  /** Why the folder could not be removed. */
  deletionFailure: string | undefined;
}

/** A stream has one destination. */
export const DESTINATION_ID = 'destinationId-000000000001';

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_DeliveryStreamDescription.html */
export function describeStream(stream: DescribedStream): DeliveryStreamDescription {
  const failure = stream.deletionFailure;
  const { name, destination, source, naming } = stream.definition;
  const s3 = {
    RoleARN: destination.RoleARN,
    BucketARN: destination.BucketARN,
    ...(destination.Prefix === undefined ? {} : { Prefix: destination.Prefix }),
    ...(destination.ErrorOutputPrefix === undefined ? {} : { ErrorOutputPrefix: destination.ErrorOutputPrefix }),
    BufferingHints: destination.BufferingHints,
    CompressionFormat: destination.CompressionFormat,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' as const },
    CloudWatchLoggingOptions: { Enabled: false, ...destination.CloudWatchLoggingOptions },
  };
  const { ProcessingConfiguration: processing } = destination;
  return {
    DeliveryStreamName: name,
    DeliveryStreamARN: stream.arn,
    DeliveryStreamStatus: failure !== undefined ? 'DELETING_FAILED' : stream.deleting ? 'DELETING' : 'ACTIVE',
    ...(failure === undefined ? {} : { FailureDescription: { Type: 'UNKNOWN_ERROR' as const, Details: failure } }),
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: source === undefined ? 'DirectPut' : 'KinesisStreamAsSource',
    VersionId: String(naming.version),
    CreateTimestamp: new Date(stream.createdMs),
    ...(source === undefined
      ? {}
      : {
          Source: {
            KinesisStreamSourceDescription: { ...source, DeliveryStartTimestamp: new Date(stream.createdMs) },
          },
        }),
    Destinations: [
      {
        DestinationId: DESTINATION_ID,
        S3DestinationDescription: s3,
        ExtendedS3DestinationDescription: {
          ...s3,
          S3BackupMode: 'Disabled',
          ProcessingConfiguration:
            processing?.Enabled === true
              ? {
                  Enabled: true,
                  Processors: (processing.Processors ?? []).map(({ Type, Parameters }) => ({
                    Type,
                    Parameters: Type === 'Lambda' ? lambdaParameters(stream.definition) : (Parameters ?? []),
                  })),
                }
              : { Enabled: false },
          ...(stream.definition.conversion && { DataFormatConversionConfiguration: stream.definition.conversion }),
          ...(destination.FileExtension === undefined ? {} : { FileExtension: destination.FileExtension }),
          ...(destination.CustomTimeZone === undefined ? {} : { CustomTimeZone: destination.CustomTimeZone }),
        },
      },
    ],
    HasMoreDestinations: false,
  };
}

/** The parameters of the function with defaults filled in, as AWS shows them. */
function lambdaParameters(definition: StreamDefinition): ProcessorParameter[] {
  const { transformation } = definition;
  if (transformation === undefined) return [];
  return [
    { ParameterName: 'LambdaArn', ParameterValue: transformation.lambdaArn },
    { ParameterName: 'NumberOfRetries', ParameterValue: String(transformation.numberOfRetries) },
    { ParameterName: 'RoleArn', ParameterValue: processorRole(definition) },
    { ParameterName: 'BufferSizeInMBs', ParameterValue: String(transformation.bufferBytes / (1024 * 1024)) },
    { ParameterName: 'BufferIntervalInSeconds', ParameterValue: String(transformation.bufferIntervalSeconds) },
  ];
}

/** The role that calls the function: of the processor, or that of the delivery. */
export function processorRole({ destination }: StreamDefinition): string {
  const processors = destination.ProcessingConfiguration?.Processors;
  const given = Array.isArray(processors) ? processors.flatMap(({ Parameters }) => Parameters ?? []) : [];
  const roleArn = given.find(({ ParameterName }) => ParameterName === 'RoleArn')?.ParameterValue;
  return roleArn ?? destination.RoleARN;
}
