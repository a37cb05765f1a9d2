import { z } from 'zod';

import { AwsError } from '../gateway/aws-error.ts';
import { type ObjectNaming, objectNaming } from './object-name.ts';
import type { ObjectPlan } from './s3-object.ts';
import type { Transformation } from './transformation.ts';

/** AWS also allows `.` and `..`, which cannot be folder names. */
const streamName = z
  .string()
  .regex(/^[a-zA-Z0-9_.-]{1,64}$/)
  .refine((name) => !/^\.+$/.test(name), 'a name of dots only is not supported by the local Firehose');

const only = <T extends string | boolean>(value: T) =>
  z.literal(value, { error: ({ input }) => `${input} is not supported by the local Firehose` });

const delimiterProcessor = z.strictObject({
  Type: z.literal('AppendDelimiterToRecord'),
  Parameters: z
    .array(
      z.strictObject({
        ParameterName: only('Delimiter'),
        ParameterValue: z.enum(['\\n', '\n'], { error: 'only the delimiter \\n is supported by the local Firehose' }),
      }),
    )
    .optional(),
});

/** A number in a parameter's text, within bounds. */
const numberText = (what: string, low: number, high: number) =>
  z.string().refine((text) => /^\d+(\.\d+)?$/.test(text) && Number(text) >= low && Number(text) <= high, {
    error: `${what} must be a number from ${low} to ${high}`,
  });

/**
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html, with bounds of
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
const lambdaParameter = z.discriminatedUnion('ParameterName', [
  z.strictObject({
    ParameterName: z.literal('LambdaArn'),
    ParameterValue: z
      .string()
      .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9_$:-]+$/, 'not the ARN of a function'),
  }),
  z.strictObject({ ParameterName: z.literal('NumberOfRetries'), ParameterValue: numberText('it', 0, 300) }),
  z.strictObject({ ParameterName: z.literal('RoleArn'), ParameterValue: z.string().min(1) }),
  z.strictObject({ ParameterName: z.literal('BufferSizeInMBs'), ParameterValue: numberText('it', 0.2, 3) }),
  z.strictObject({ ParameterName: z.literal('BufferIntervalInSeconds'), ParameterValue: numberText('it', 0, 900) }),
]);
const lambdaProcessor = z.strictObject({
  Type: z.literal('Lambda'),
  Parameters: z
    .array(lambdaParameter)
    .refine((all) => all.some(({ ParameterName }) => ParameterName === 'LambdaArn'), 'LambdaArn must be given')
    .refine(
      (all) => new Set(all.map(({ ParameterName }) => ParameterName)).size === all.length,
      'each parameter may be given once',
    ),
});
const processor = z.discriminatedUnion('Type', [lambdaProcessor, delimiterProcessor], {
  error: ({ input }) => {
    const type = typeof input === 'object' && input !== null && 'Type' in input ? input.Type : undefined;
    return `the processor ${type} is not supported by the local Firehose`;
  },
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
      z.strictObject({
        Enabled: z.literal(true),
        Processors: z
          .array(processor)
          .refine((all) => new Set(all.map(({ Type }) => Type)).size === all.length, 'each type may be given once')
          .optional(),
      }),
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
  /** The function that each record goes through. Undefined: none. */
  transformation: Transformation | undefined;
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
    delimiter: processors.some(({ Type }) => Type === 'AppendDelimiterToRecord') ? '\n' : '',
    transformation: transformationOf(processors),
    naming: await objectNaming({
      prefix: s3.Prefix,
      errorOutputPrefix: s3.ErrorOutputPrefix,
      customTimeZone: s3.CustomTimeZone,
      extension: s3.FileExtension ?? (s3.CompressionFormat === 'GZIP' ? '.gz' : ''),
    }),
  };
}

function transformationOf(processors: readonly z.infer<typeof processor>[]): Transformation | undefined {
  const lambda = processors.find(({ Type }) => Type === 'Lambda');
  if (lambda === undefined) return undefined;
  const given = new Map(lambda.Parameters?.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]));
  return {
    lambdaArn: given.get('LambdaArn') ?? '',
    numberOfRetries: Math.floor(Number(given.get('NumberOfRetries') ?? 3)),
    bufferBytes: Math.floor(Number(given.get('BufferSizeInMBs') ?? 1) * 1024 * 1024),
    bufferIntervalSeconds: Number(given.get('BufferIntervalInSeconds') ?? 60),
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
