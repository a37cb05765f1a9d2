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

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_DataFormatConversionConfiguration.html */
const formatConversion = z.strictObject({
  Enabled: z.literal(true).default(true),
  InputFormatConfiguration: z.strictObject({
    Deserializer: z
      .strictObject({
        OpenXJsonSerDe: z.strictObject({ CaseInsensitive: z.boolean().optional() }).optional(),
        HiveJsonSerDe: z.strictObject({}).optional(),
      })
      .refine(
        (given) => (given.OpenXJsonSerDe === undefined) !== (given.HiveJsonSerDe === undefined),
        'one of OpenXJsonSerDe and HiveJsonSerDe must be given',
      ),
  }),
  OutputFormatConfiguration: z.strictObject({
    Serializer: z.strictObject({
      ParquetSerDe: z.strictObject({ Compression: z.enum(['SNAPPY', 'GZIP', 'UNCOMPRESSED']).default('SNAPPY') }),
    }),
  }),
  SchemaConfiguration: z.strictObject({
    RoleARN: z.string().min(1).optional(),
    CatalogId: z.string().min(1).optional(),
    DatabaseName: z.string().min(1),
    TableName: z.string().min(1),
    Region: z.string().min(1).optional(),
    VersionId: only('LATEST').default('LATEST'),
  }),
});
/** The bounds and defaults of buffering with a conversion. */
const LEAST_CONVERTED_MEBIBYTES = 64;
const DEFAULT_MEBIBYTES = { plain: 5, converted: 128 };

const destination = z.strictObject({
  RoleARN: z.string().min(1),
  BucketARN: z.string().regex(/^arn:[^:]+:s3:::[^/]+$/, 'not the ARN of a bucket'),
  Prefix: z.string().max(1024).optional(),
  ErrorOutputPrefix: z.string().max(1024).optional(),
  /** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
  BufferingHints: z
    .strictObject({ SizeInMBs: z.int().min(1).max(128), IntervalInSeconds: z.int().min(0).max(900) })
    .optional(),
  CompressionFormat: z
    .enum(['UNCOMPRESSED', 'GZIP'], { error: ({ input }) => `${input} is not supported by the local Firehose` })
    .default('UNCOMPRESSED'),
  EncryptionConfiguration: z.looseObject({}).optional(),
  /** https://docs.aws.amazon.com/firehose/latest/APIReference/API_CloudWatchLoggingOptions.html */
  CloudWatchLoggingOptions: z
    .strictObject({
      Enabled: z.boolean().optional(),
      LogGroupName: z.string().max(512).optional(),
      LogStreamName: z.string().max(512).optional(),
    })
    .optional(),
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
  DataFormatConversionConfiguration: z
    .union([z.looseObject({ Enabled: z.literal(false) }), formatConversion], { error: conversionError })
    .optional(),
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
  destination: z.infer<typeof destination> & { BufferingHints: { SizeInMBs: number; IntervalInSeconds: number } };
  bufferBytes: number;
  bufferIntervalSeconds: number;
  bucket: string;
  compression: ObjectPlan['compression'];
  delimiter: string;
  /** The function that each record goes through. Undefined: none. */
  transformation: Transformation | undefined;
  /** How the rows become Parquet. Undefined: they do not. */
  conversion: FormatConversion | undefined;
  naming: ObjectNaming;
  tags: StreamTag[];
}

/** A conversion to Parquet as it was asked for, with defaults filled in. */
export type FormatConversion = z.infer<typeof formatConversion>;

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Tag.html */
export interface StreamTag {
  Key: string;
  Value?: string | undefined;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html */
const updateInput = z.strictObject({
  DeliveryStreamName: streamName,
  CurrentDeliveryStreamVersionId: z.string().min(1).max(50),
  DestinationId: z.string().min(1).max(100),
  ExtendedS3DestinationUpdate: destination
    .partial()
    .extend({ CompressionFormat: destination.shape.CompressionFormat.unwrap().optional() }),
});

/** A change of a delivery stream's destination. */
export interface DestinationUpdate {
  name: string;
  /** The version that the caller has seen. */
  version: string;
  destinationId: string;
  update: z.infer<typeof updateInput>['ExtendedS3DestinationUpdate'];
}

/** Parses the input of UpdateDestination. Throws as {@link parseStreamDefinition}. */
export function parseDestinationUpdate(input: Record<string, unknown>): DestinationUpdate {
  const parsed = updateInput.safeParse(input);
  if (!parsed.success) throw new AwsError('InvalidArgumentException', describeIssues(parsed.error));
  const { DeliveryStreamName, CurrentDeliveryStreamVersionId, DestinationId, ...given } = parsed.data;
  const update = given.ExtendedS3DestinationUpdate;
  return { name: DeliveryStreamName, version: CurrentDeliveryStreamVersionId, destinationId: DestinationId, update };
}

/**
 * A stream with another destination, in its next version. What the update does not name stays. Throws as
 * parseStreamDefinition.
 */
export async function updatedStream(
  before: StreamDefinition,
  update: DestinationUpdate['update'],
): Promise<StreamDefinition> {
  // Empty texts remove what was there.
  const changed = Object.entries({ ...before.destination, ...update }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const updated = await parseStreamDefinition({
    DeliveryStreamName: before.name,
    DeliveryStreamType: before.source === undefined ? 'DirectPut' : 'KinesisStreamAsSource',
    ...(before.source && { KinesisStreamSourceConfiguration: before.source }),
    Tags: before.tags,
    ExtendedS3DestinationConfiguration: Object.fromEntries(changed),
  });
  return { ...updated, naming: { ...updated.naming, version: before.naming.version + 1 } };
}

/**
 * Parses the input of CreateDeliveryStream. Throws InvalidArgumentException that names each invalid or unsupported
 * member. https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
 */
export async function parseStreamDefinition(input: Record<string, unknown>): Promise<StreamDefinition> {
  const parsed = createInput.safeParse(input);
  if (!parsed.success) throw new AwsError('InvalidArgumentException', describeIssues(parsed.error));
  const { DeliveryStreamType, KinesisStreamSourceConfiguration: source } = parsed.data;
  const given = parsed.data.ExtendedS3DestinationConfiguration;
  const conversion = conversionOf(given);
  const SizeInMBs = DEFAULT_MEBIBYTES[conversion === undefined ? 'plain' : 'converted'];
  const s3 = { ...given, BufferingHints: given.BufferingHints ?? { SizeInMBs, IntervalInSeconds: 300 } };
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
    conversion,
    naming: await objectNaming({
      prefix: s3.Prefix,
      errorOutputPrefix: s3.ErrorOutputPrefix,
      customTimeZone: s3.CustomTimeZone,
      ...extensionsOf(s3, conversion),
    }),
  };
}

/** Throws InvalidArgumentException for what a conversion does not go with. */
function conversionOf(s3: z.infer<typeof destination>): FormatConversion | undefined {
  const asked = formatConversion.safeParse(s3.DataFormatConversionConfiguration);
  if (!asked.success) return undefined;
  const member = 'ExtendedS3DestinationConfiguration';
  if (s3.CompressionFormat !== 'UNCOMPRESSED') {
    throw new AwsError(
      'InvalidArgumentException',
      `${member}.CompressionFormat: it must be UNCOMPRESSED with record format conversion`,
    );
  }
  if ((s3.BufferingHints?.SizeInMBs ?? LEAST_CONVERTED_MEBIBYTES) < LEAST_CONVERTED_MEBIBYTES) {
    throw new AwsError(
      'InvalidArgumentException',
      `${member}.BufferingHints.SizeInMBs: it must be at least ${LEAST_CONVERTED_MEBIBYTES} with record format conversion`,
    );
  }
  return asked.data;
}

/** Objects of records that cannot be processed have no extension where others are Parquet. */
function extensionsOf(
  { FileExtension, CompressionFormat }: z.infer<typeof destination>,
  conversion: FormatConversion | undefined,
): { extension: string; errorExtension?: string } {
  if (conversion !== undefined) return { extension: FileExtension ?? '.parquet', errorExtension: '' };
  return { extension: FileExtension ?? (CompressionFormat === 'GZIP' ? '.gz' : '') };
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

/** What is wrong in a conversion, which a union of schemas does not tell. */
function conversionError({ input }: { input?: unknown }): string {
  const parsed = formatConversion.safeParse(input);
  return parsed.success ? 'not a conversion' : describeIssues(parsed.error);
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
