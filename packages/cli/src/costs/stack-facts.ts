import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { z } from 'zod';

/** What decides the price of a stack, read from its template. */
export interface StackFacts {
  shards: 'on-demand' | number;
  streamRetentionHours: number;
  ingestBatchSize: number;
  ingestBatchWindowSeconds: number;
  tweetRetentionDays: number;
  deletionRetentionDays: number;
  /** Of the workflow. Without logging, `OFF`. */
  logLevel: z.infer<typeof logLevel>;
  /** The longest of all log groups; 0 without any. */
  logRetentionDays: number;
  archiveRetentionDays: number;
  /** Pipes that read the stream of a table. */
  tableStreamPipes: number;
  /** Metrics that alarms watch; one for each metric of an expression. */
  alarmMetrics: number;
  dashboards: number;
  keys: number;
  /** Databases and tables of Glue. Projected partitions are none. */
  catalogObjects: number;
}

const SECONDS_PER_DAY = 24 * 3600;
/** Where archive files lie in the bucket. */
const ARCHIVE_PREFIX = 'deleted/';

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
  }),
});

const bucket = z.looseObject({
  LifecycleConfiguration: z.looseObject({
    Rules: z.array(z.looseObject({ Prefix: z.string().optional(), ExpirationInDays: z.number().optional() })),
  }),
});

const pipe = z.looseObject({
  SourceParameters: z.looseObject({
    KinesisStreamParameters: z
      .looseObject({ BatchSize: z.number(), MaximumBatchingWindowInSeconds: z.number() })
      .optional(),
    DynamoDBStreamParameters: z.unknown().optional(),
  }),
});

/** How many metrics an alarm watches: those of its expression, or one. */
const alarm = z
  .looseObject({ Metrics: z.array(z.looseObject({ MetricStat: z.unknown().optional() })).optional() })
  .transform(({ Metrics }) => Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);

/** The properties of the resources, by type. */
const propertiesByType = z.object({
  'AWS::Kinesis::Stream': z.tuple([stream]),
  'AWS::StepFunctions::StateMachine': z.tuple([workflow]),
  'AWS::S3::Bucket': z.tuple([bucket]),
  'AWS::Pipes::Pipe': z.array(pipe),
  'AWS::Logs::LogGroup': z.array(z.looseObject({ RetentionInDays: z.number() })),
  'AWS::CloudWatch::Alarm': z.array(alarm),
  'AWS::CloudWatch::Dashboard': z.array(z.unknown()),
  'AWS::KMS::Key': z.array(z.unknown()),
  'AWS::Glue::Database': z.array(z.unknown()),
  'AWS::Glue::Table': z.array(z.unknown()),
});

/** Reads the facts from the template of the pipeline. Throws ZodError, or Error, when it is another template. */
export function readStackFacts({ Resources }: Template): StackFacts {
  const propertiesOf = (type: string) =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) => (Type === type ? [Properties] : []));
  const types = Object.keys(propertiesByType.shape);
  const resources = propertiesByType.parse(Object.fromEntries(types.map((type) => [type, propertiesOf(type)])));
  const [tweetStream] = resources['AWS::Kinesis::Stream'];
  const [{ DefinitionSubstitutions, LoggingConfiguration }] = resources['AWS::StepFunctions::StateMachine'];
  const [{ LifecycleConfiguration }] = resources['AWS::S3::Bucket'];
  const sources = resources['AWS::Pipes::Pipe'].map(({ SourceParameters }) => SourceParameters);
  const ingest = sources.find(({ KinesisStreamParameters }) => KinesisStreamParameters)?.KinesisStreamParameters;
  const archive = LifecycleConfiguration.Rules.find(({ Prefix }) => Prefix === ARCHIVE_PREFIX)?.ExpirationInDays;
  if (ingest === undefined) throw new Error('The template has no pipe that reads a Kinesis stream.');
  if (archive === undefined) throw new Error(`The bucket of the template has no expiration for ${ARCHIVE_PREFIX}.`);
  return {
    shards: tweetStream.shards,
    streamRetentionHours: tweetStream.retentionHours,
    ingestBatchSize: ingest.BatchSize,
    ingestBatchWindowSeconds: ingest.MaximumBatchingWindowInSeconds,
    tweetRetentionDays: DefinitionSubstitutions.TweetRetentionSeconds / SECONDS_PER_DAY,
    deletionRetentionDays: DefinitionSubstitutions.DeletionRetentionSeconds / SECONDS_PER_DAY,
    logLevel: LoggingConfiguration?.Level ?? 'OFF',
    logRetentionDays: Math.max(0, ...resources['AWS::Logs::LogGroup'].map(({ RetentionInDays }) => RetentionInDays)),
    archiveRetentionDays: archive,
    tableStreamPipes: sources.filter(({ DynamoDBStreamParameters }) => DynamoDBStreamParameters !== undefined).length,
    alarmMetrics: resources['AWS::CloudWatch::Alarm'].reduce((sum, metrics) => sum + metrics, 0),
    dashboards: resources['AWS::CloudWatch::Dashboard'].length,
    keys: resources['AWS::KMS::Key'].length,
    catalogObjects: resources['AWS::Glue::Database'].length + resources['AWS::Glue::Table'].length,
  };
}
