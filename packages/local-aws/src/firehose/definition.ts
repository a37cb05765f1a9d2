import { z } from 'zod';

import { AwsError } from '../gateway/aws-error.ts';
import { type ObjectNaming, objectNaming } from './object-name.ts';
import type { ObjectPlan } from './s3-object.ts';

/** AWS also allows `.` and `..`, which cannot be folder names. */
const streamName = z
  .string()
  .regex(/^[a-zA-Z0-9_.-]{1,64}$/)
  .refine((name) => !/^\.+$/.test(name), 'a name of dots only is not supported by the local Firehose');

const only = <T extends string | boolean>(value: T) =>
  z.literal(value, { error: ({ input }) => `${input} is not supported by the local Firehose` });

const delimiterProcessor = z.strictObject({
  Type: only('AppendDelimiterToRecord'),
  Parameters: z
    .array(
      z.strictObject({
        ParameterName: only('Delimiter'),
        ParameterValue: z.enum(['\\n', '\n'], { error: 'only the delimiter \\n is supported by the local Firehose' }),
      }),
    )
    .optional(),
});

const destination = z.strictObject({
  RoleARN: z.string().min(1),
  BucketARN: z.string().regex(/^arn:[^:]+:s3:::[^/]+$/, 'not the ARN of a bucket'),
  Prefix: z.string().max(1024).optional(),
  ErrorOutputPrefix: z.string().max(1024).optional(),
  /** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
  BufferingHints: z
    .strictObject({ SizeInMBs: z.int().min(1).max(128), IntervalInSeconds: z.int().min(0).max(900) })
    .default({ SizeInMBs: 5, IntervalInSeconds: 300 }),
  CompressionFormat: z
    .enum(['UNCOMPRESSED', 'GZIP'], { error: ({ input }) => `${input} is not supported by the local Firehose` })
    .default('UNCOMPRESSED'),
  EncryptionConfiguration: z.looseObject({}).optional(),
  CloudWatchLoggingOptions: z.looseObject({}).optional(),
  ProcessingConfiguration: z
    .discriminatedUnion('Enabled', [
      z.strictObject({ Enabled: z.literal(true), Processors: z.array(delimiterProcessor).max(1).optional() }),
      z.looseObject({ Enabled: z.literal(false) }),
    ])
    .optional(),
  S3BackupMode: only('Disabled').optional(),
  DataFormatConversionConfiguration: z.looseObject({ Enabled: only(false) }).optional(),
  DynamicPartitioningConfiguration: z.looseObject({ Enabled: only(false) }).optional(),
  FileExtension: z
    .string()
    .max(128)
    .regex(/^$|^\.[0-9a-z!\-_.*'()]+$/)
    .optional(),
  CustomTimeZone: z.string().min(1).optional(),
});

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_KinesisStreamSourceConfiguration.html */
const kinesisSource = z.strictObject({
  KinesisStreamARN: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[a-zA-Z0-9_.-]{1,128}$/,
      'not the ARN of a Kinesis stream',
    ),
  RoleARN: z.string().min(1),
});

const createInput = z.strictObject({
  DeliveryStreamName: streamName,
  DeliveryStreamType: z
    .enum(['DirectPut', 'KinesisStreamAsSource'], {
      error: ({ input }) => `${input} is not supported by the local Firehose`,
    })
    .default('DirectPut'),
  KinesisStreamSourceConfiguration: kinesisSource.optional(),
  DeliveryStreamEncryptionConfigurationInput: z.looseObject({}).optional(),
  ExtendedS3DestinationConfiguration: destination,
  Tags: z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256).optional() })).optional(),
});

/** The definition of a delivery stream, with defaults filled in. */
export interface StreamDefinition {
  name: string;
  /** The Kinesis stream that is read. Undefined: records are put. */
  source: z.infer<typeof kinesisSource> | undefined;
  /** The destination as DescribeDeliveryStream answers it. */
  destination: z.infer<typeof destination>;
  bufferBytes: number;
  bufferIntervalSeconds: number;
  bucket: string;
  compression: ObjectPlan['compression'];
  delimiter: string;
  naming: ObjectNaming;
  tags: readonly StreamTag[];
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Tag.html */
export interface StreamTag {
  Key: string;
  Value?: string | undefined;
}

/**
 * Parses the input of CreateDeliveryStream. Throws InvalidArgumentException that names each invalid or unsupported
 * member. https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
 */
export async function parseStreamDefinition(input: Record<string, unknown>): Promise<StreamDefinition> {
  const parsed = createInput.safeParse(input);
  if (!parsed.success) throw new AwsError('InvalidArgumentException', describeIssues(parsed.error));
  const { DeliveryStreamType, KinesisStreamSourceConfiguration: source } = parsed.data;
  const s3 = parsed.data.ExtendedS3DestinationConfiguration;
  if ((DeliveryStreamType === 'KinesisStreamAsSource') !== (source !== undefined)) {
    throw new AwsError(
      'InvalidArgumentException',
      'KinesisStreamSourceConfiguration: it must be given for the type KinesisStreamAsSource, and for no other',
    );
  }
  const processors = s3.ProcessingConfiguration?.Enabled === true ? (s3.ProcessingConfiguration.Processors ?? []) : [];
  return {
    name: parsed.data.DeliveryStreamName,
    source,
    destination: s3,
    bufferBytes: s3.BufferingHints.SizeInMBs * 1024 * 1024,
    bufferIntervalSeconds: s3.BufferingHints.IntervalInSeconds,
    bucket: s3.BucketARN.slice(s3.BucketARN.lastIndexOf(':') + 1),
    compression: s3.CompressionFormat,
    tags: parsed.data.Tags ?? [],
    delimiter: processors.length > 0 ? '\n' : '',
    naming: await objectNaming({
      prefix: s3.Prefix,
      errorOutputPrefix: s3.ErrorOutputPrefix,
      customTimeZone: s3.CustomTimeZone,
      extension: s3.FileExtension ?? (s3.CompressionFormat === 'GZIP' ? '.gz' : ''),
    }),
  };
}

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.map(String);
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${[...path, key].join('.')}: not supported by the local Firehose`).join('; ')
        : `${path.join('.')}: ${issue.message}`;
    })
    .join('; ');
}
