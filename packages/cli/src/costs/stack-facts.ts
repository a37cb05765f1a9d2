import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { z } from 'zod';
import { CORE_STACK, STREAM_OUTPUT } from '../stack/core-stack.ts';
import { type ForgettingFacts, readForgettingFacts } from './forgetting-facts.ts';
import { resourceOf } from './named-resource.ts';

/** A Kinesis stream. */
export interface StreamFacts {
  shards: 'on-demand' | number;
  retentionHours: number;
}

/** A delivery stream of Firehose. */
export interface DeliveryFacts {
  /** It writes an object when one of the two is reached. */
  intervalSeconds: number;
  bufferBytes: number;
  /** Whether records that fail become objects of their own. */
  hasTransformation: boolean;
}

/** What decides the price of a stack, read from its template. */
export interface StackFacts {
  streams: readonly StreamFacts[];
  deliveries: readonly DeliveryFacts[];
  /** The longest of all log groups; 0 without any. */
  logRetentionDays: number;
  /** The longest of all folders of buckets; 0 without any. */
  objectRetentionDays: number;
  /** Pipes that read the stream of a table. */
  tableStreamPipes: number;
  /** Metrics that alarms watch; one for each metric of an expression. */
  alarmMetrics: number;
  dashboards: number;
  keys: number;
  /** Databases and tables of Glue. Projected partitions are none. */
  catalogObjects: number;
  /** Interface endpoints of networks, one for each of their subnets. */
  interfaceEndpoints: number;
  /** Of all notebook instances. */
  notebookVolumeBytes: number;
}

/** The facts of the stacks that a bill is for. */
export interface AppFacts {
  /** The name of the stack with the pipeline. */
  core: string;
  pipeline: PipelineFacts;
  /** By the name of the stack. */
  stacks: Readonly<Record<string, StackFacts>>;
  /** The job that forgets deleted tweets; undefined where there is none. */
  forgetting?: ForgettingFacts;
}

/** How the pipeline of tweets works, read from the template of its stack. */
export interface PipelineFacts {
  stream: StreamFacts;
  ingestBatchSize: number;
  ingestBatchWindowSeconds: number;
  tweetRetentionDays: number;
  deletionRetentionDays: number;
  /** Items of a hashtag. */
  counterItems: number;
  /** Of the workflow. Without logging, `OFF`. */
  logLevel: z.infer<typeof logLevel>;
}

const SECONDS_PER_DAY = 24 * 3600;
const BYTES_PER_MEBIBYTE = 1024 * 1024;
const BYTES_PER_GIGABYTE = 1_000_000_000;

const shards = z.union([
  z
    .looseObject({ StreamModeDetails: z.looseObject({ StreamMode: z.literal('ON_DEMAND') }) })
    .transform(() => 'on-demand' as const),
  z.looseObject({ ShardCount: z.int().positive() }).transform(({ ShardCount }) => ShardCount),
]);

const stream = z
  .looseObject({ RetentionPeriodHours: z.number() })
  .transform((properties) => ({ shards: shards.parse(properties), retentionHours: properties.RetentionPeriodHours }));

const logLevel = z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']);

const workflow = z.looseObject({
  LoggingConfiguration: z.looseObject({ Level: logLevel }).optional(),
  DefinitionSubstitutions: z.looseObject({
    TweetRetentionSeconds: z.coerce.number(),
    DeletionRetentionSeconds: z.coerce.number(),
    // A stack of an earlier version has no such option.
    CounterItems: z.coerce.number().default(1),
  }),
});

const ingestPipe = z
  .looseObject({
    SourceParameters: z.looseObject({
      KinesisStreamParameters: z.looseObject({ BatchSize: z.number(), MaximumBatchingWindowInSeconds: z.number() }),
    }),
  })
  .transform(({ SourceParameters }) => SourceParameters.KinesisStreamParameters);

/** Days until the objects of a bucket expire, at the latest. */
const bucket = z
  .looseObject({
    LifecycleConfiguration: z
      .looseObject({ Rules: z.array(z.looseObject({ ExpirationInDays: z.number().default(0) })) })
      .default({ Rules: [] }),
  })
  .transform(({ LifecycleConfiguration: { Rules } }) => Math.max(0, ...Rules.map((rule) => rule.ExpirationInDays)));

const delivery = z
  .looseObject({
    ExtendedS3DestinationConfiguration: z.looseObject({
      BufferingHints: z.looseObject({ IntervalInSeconds: z.number(), SizeInMBs: z.number() }),
      ProcessingConfiguration: z
        .looseObject({ Processors: z.array(z.looseObject({ Type: z.string() })).default([]) })
        .default({ Processors: [] }),
    }),
  })
  .transform(({ ExtendedS3DestinationConfiguration: { BufferingHints, ProcessingConfiguration } }) => ({
    intervalSeconds: BufferingHints.IntervalInSeconds,
    bufferBytes: BufferingHints.SizeInMBs * BYTES_PER_MEBIBYTE,
    hasTransformation: ProcessingConfiguration.Processors.some(({ Type }) => Type === 'Lambda'),
  }));

const pipe = z
  .looseObject({ SourceParameters: z.looseObject({ DynamoDBStreamParameters: z.unknown().optional() }) })
  .transform(({ SourceParameters }) => ({ readsTable: SourceParameters.DynamoDBStreamParameters !== undefined }));

/** How many metrics an alarm watches: those of its expression, or one. */
const alarm = z
  .looseObject({ Metrics: z.array(z.looseObject({ MetricStat: z.unknown().optional() })).optional() })
  .transform(({ Metrics }) => Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);

/** In how many subnets an interface endpoint is. Endpoints of other kinds are free. */
const endpoint = z
  .looseObject({ VpcEndpointType: z.string().optional(), SubnetIds: z.array(z.unknown()).default([]) })
  .transform(({ VpcEndpointType, SubnetIds }) => (VpcEndpointType === 'Interface' ? SubnetIds.length : 0));

const notebook = z.looseObject({ VolumeSizeInGB: z.number() });

const logGroup = z.looseObject({ RetentionInDays: z.number() });

/**
 * Reads the facts from the templates of stacks by their names. One of them is the pipeline's, else it throws
 * CliError. Throws ZodError when they are of another app.
 */
export function readAppFacts(templates: Readonly<Record<string, Template>>): AppFacts {
  const [core] = Object.entries(templates).filter(([, { Outputs }]) => Object.hasOwn(Outputs, STREAM_OUTPUT));
  if (core === undefined) {
    throw new CliError(
      `Tweets are priced from the stack that takes them, and it is not among ${Object.keys(templates).join(', ')}. Choose it too: --stacks ${CORE_STACK},${Object.keys(templates).join(',')}`,
    );
  }
  const [name, template] = core;
  const stacks = Object.entries(templates).map(([stack, its]) => [stack, readStackFacts(its)] as const);
  const forgetting = readForgettingFacts(templates, template);
  return {
    core: name,
    pipeline: readPipelineFacts(template),
    stacks: Object.fromEntries(stacks),
    ...(forgetting && { forgetting }),
  };
}

/** Reads the facts from the template of any stack. Throws ZodError. */
export function readStackFacts({ Resources }: Template): StackFacts {
  const all = <T>(type: string, schema: z.ZodType<T>): T[] =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) => (Type === type ? [schema.parse(Properties)] : []));
  const count = (type: string): number => all(type, z.unknown()).length;
  return {
    streams: all('AWS::Kinesis::Stream', stream),
    deliveries: all('AWS::KinesisFirehose::DeliveryStream', delivery),
    logRetentionDays: Math.max(0, ...all('AWS::Logs::LogGroup', logGroup).map((group) => group.RetentionInDays)),
    objectRetentionDays: Math.max(0, ...all('AWS::S3::Bucket', bucket)),
    tableStreamPipes: all('AWS::Pipes::Pipe', pipe).filter(({ readsTable }) => readsTable).length,
    alarmMetrics: sum(all('AWS::CloudWatch::Alarm', alarm)),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    keys: count('AWS::KMS::Key'),
    catalogObjects: count('AWS::Glue::Database') + count('AWS::Glue::Table'),
    interfaceEndpoints: sum(all('AWS::EC2::VPCEndpoint', endpoint)),
    notebookVolumeBytes: sum(
      all('AWS::SageMaker::NotebookInstance', notebook).map(
        ({ VolumeSizeInGB }) => VolumeSizeInGB * BYTES_PER_GIGABYTE,
      ),
    ),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Reads the facts from the template of the stack with the pipeline, whose outputs name its parts. Throws ZodError, or
 * Error, when it is another template.
 */
function readPipelineFacts(template: Template): PipelineFacts {
  const named = (output: string): unknown => resourceOf(template, output).resource.Properties ?? {};
  const { DefinitionSubstitutions, LoggingConfiguration } = workflow.parse(named('WorkflowArn'));
  const { BatchSize, MaximumBatchingWindowInSeconds } = ingestPipe.parse(named('IngestPipeName'));
  return {
    stream: stream.parse(named(STREAM_OUTPUT)),
    ingestBatchSize: BatchSize,
    ingestBatchWindowSeconds: MaximumBatchingWindowInSeconds,
    tweetRetentionDays: DefinitionSubstitutions.TweetRetentionSeconds / SECONDS_PER_DAY,
    counterItems: DefinitionSubstitutions.CounterItems,
    deletionRetentionDays: DefinitionSubstitutions.DeletionRetentionSeconds / SECONDS_PER_DAY,
    logLevel: LoggingConfiguration?.Level ?? 'OFF',
  };
}
