import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';

/** The row of docs/configuration.md about an option. A test compares the two. */
export interface OptionDocumentation {
  /** Unit of the value, or `–` if it has none. */
  unit: string;
  /** The allowed values, as the end of an error message: "must be …". */
  allowed: string;
  meaning: string;
}

/** The documentation of each option in `optionSchema.shape`. */
export const optionDocumentation = z.registry<OptionDocumentation>();

/** A whole number, also as text, which `-c key=value` gives. */
const wholeNumber = (minimum: number, maximum: number) =>
  z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(minimum).max(maximum));

const yesOrNo = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

const logRetentions = Object.values(RetentionDays)
  .filter((days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE)
  .sort((a, b) => a - b);

const logRetentionDays = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).transform((days, check) => {
  const known = logRetentions.find((retention) => retention === days);
  if (known === undefined) check.addIssue('not a retention of CloudWatch Logs');
  return known ?? z.NEVER;
});

/** Tags of AWS: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const tagKey = z.string().regex(/^(?!aws:)[\p{L}\p{N} _.:/+\-@]{1,128}$/iu);
const tagValue = z.string().regex(/^[\p{L}\p{N} _.:/=+\-@]{0,256}$/u);

/** An object, or `key=value,key=value`, which `-c` gives. */
const tags = z
  .union([z.record(z.string(), z.string()), z.string().min(1).transform(parseTags)])
  .pipe(z.record(tagKey, tagValue));

function parseTags(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? ['', pair] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

/**
 * Every option of the app, by its name without the prefix `tweetPipes:`. Checks that involve two options are in
 * config.ts.
 */
export const optionSchema = z.object({
  shards: z
    .union([z.literal('on-demand'), wholeNumber(1, 500)])
    .default('on-demand')
    .register(optionDocumentation, {
      unit: 'shards',
      allowed: '`on-demand` or a whole number from 1 to 500',
      meaning:
        'Capacity of the stream. One execution at a time processes each shard. A deployment may at most double or halve a number.',
    }),
  streamRetentionHours: wholeNumber(24, 8760).default(24).register(optionDocumentation, {
    unit: 'hours',
    allowed: 'a whole number from 24 to 8760',
    meaning: 'How long the stream keeps a record, and so how long a failure can be repaired.',
  }),
  warmThroughput: wholeNumber(4000, 40_000).optional().register(optionDocumentation, {
    unit: 'writes a second',
    allowed: 'a whole number from 4000 to 40000',
    meaning:
      'What the tables `tweets` and `hashtags` take from their first second on. Without it AWS begins with 4,000 and grows with the load. What is above is paid once, and cannot be lowered.',
  }),
  counterItems: wholeNumber(1, 100).default(1).register(optionDocumentation, {
    unit: 'items',
    allowed: 'a whole number from 1 to 100',
    meaning:
      'How many items count each hashtag, every shard on one of them. An item with the marks of more than 15 shards takes more than 1 KB, and each write of it costs more: a fifteenth of the shards is cheapest. A shard keeps the item that it began with. Queries of your own must sum the items of a hashtag.',
  }),
  tweetRetentionDays: wholeNumber(1, 3650).default(30).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 3650, longer than the stream retains records',
    meaning: 'When a tweet expires, counted from its arrival. An expired tweet goes to the archive.',
  }),
  deletionRetentionDays: wholeNumber(1, 3650).default(90).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 3650, longer than the stream retains records',
    meaning: 'How long a tombstone is kept, so that a late duplicate of a deleted tweet is not stored.',
  }),
  ingestBatchSize: wholeNumber(1, 1000).default(320).register(optionDocumentation, {
    unit: 'records',
    allowed: 'a whole number from 1 to 1000',
    meaning:
      'Maximum number of records per execution. A batch over 262,144 characters is refused and halved until it fits: raw tweets of 3 KB go in batches of 80.',
  }),
  ingestBatchWindowSeconds: wholeNumber(0, 300).default(1).register(optionDocumentation, {
    unit: 'seconds',
    allowed: 'a whole number from 0 to 300',
    meaning: 'How long the ingest pipe waits for a batch to fill.',
  }),
  ingestRecordAgeSeconds: wholeNumber(60, 604_800).optional().register(optionDocumentation, {
    unit: 'seconds',
    allowed: 'a whole number from 60 to 604800, an hour or more below the retention of the stream',
    meaning:
      'Age at which the ingest pipe gives up a record. By default an hour less than the stream retains records, and at most seven days.',
  }),
  archiveBatchSize: wholeNumber(1, 500).default(100).register(optionDocumentation, {
    unit: 'removals',
    allowed: 'a whole number from 1 to 500',
    meaning: 'Maximum number of removals per batch of an archive pipe. 500 is the limit of Firehose.',
  }),
  archiveBatchWindowSeconds: wholeNumber(0, 300).default(1).register(optionDocumentation, {
    unit: 'seconds',
    allowed: 'a whole number from 0 to 300',
    meaning: 'How long an archive pipe waits for a batch to fill.',
  }),
  maximumRetryAttempts: wholeNumber(0, 10_000).default(10).register(optionDocumentation, {
    unit: 'attempts',
    allowed: 'a whole number from 0 to 10000',
    meaning: 'How often a pipe retries a failed batch before it sends a dead letter.',
  }),
  archiveContent: z.enum(['full', 'keys']).default('full').register(optionDocumentation, {
    unit: '–',
    allowed: '`full` or `keys`',
    meaning:
      'What the archive keeps of a removed tweet: all of it, or no content. X forbids keeping the content of a deleted tweet.',
  }),
  archiveBufferSeconds: wholeNumber(0, 900).default(60).register(optionDocumentation, {
    unit: 'seconds',
    allowed: 'a whole number from 0 to 900',
    meaning: 'How long Firehose collects rows before it writes an archive file.',
  }),
  archiveBufferMebibytes: wholeNumber(1, 128).default(5).register(optionDocumentation, {
    unit: 'MiB',
    allowed: 'a whole number from 1 to 128',
    meaning: 'How much Firehose collects before it writes an archive file.',
  }),
  archiveRetentionDays: wholeNumber(1, 36_500).default(365).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 36500',
    meaning: 'When S3 deletes archive files and what Firehose could not deliver.',
  }),
  recoveryPeriodInDays: wholeNumber(1, 35).default(7).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 35',
    meaning: 'How far back the tables can be restored, and so how long a backup still has a deleted tweet.',
  }),
  quarantineRetentionDays: wholeNumber(1, 36_500).default(90).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 36500',
    meaning: 'When S3 deletes quarantined records.',
  }),
  lakeFormat: z.enum(['json', 'parquet']).default('json').register(optionDocumentation, {
    unit: '–',
    allowed: '`json` or `parquet`',
    meaning:
      "How the lake keeps rows: as gzipped JSON lines, or as Parquet, which queries scan less of. Choose before the lake's first deployment: a table has one format.",
  }),
  lakeBufferSeconds: wholeNumber(0, 900).default(300).register(optionDocumentation, {
    unit: 'seconds',
    allowed: 'a whole number from 0 to 900',
    meaning: 'How long Firehose collects rows before it writes a file of the lake.',
  }),
  lakeBufferMebibytes: wholeNumber(1, 128).default(64).register(optionDocumentation, {
    unit: 'MiB',
    allowed: 'a whole number from 1 to 128, and from 64 for `lakeFormat=parquet`',
    meaning: 'How much Firehose collects before it writes a file of the lake.',
  }),
  lakeRetentionDays: wholeNumber(1, 3650).default(365).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 3650',
    meaning: "When S3 deletes the lake's rows. Queries look no further back.",
  }),
  sentiment: z.enum(['off', 'comprehend']).default('off').register(optionDocumentation, {
    unit: '–',
    allowed: '`off` or `comprehend`',
    meaning:
      'Whether the lake asks Amazon Comprehend for the sentiment of each new tweet. That costs about 300 USD for a million tweets, more than everything else.',
  }),
  forgetEveryHours: z
    .union([z.literal('off'), wholeNumber(1, 24)])
    .default(12)
    .register(optionDocumentation, {
      unit: 'hours',
      allowed: '`off` or a whole number from 1 to 24',
      meaning:
        'How often the lake, the quarantine, and with `archiveContent=keys` the archive forget deleted tweets. X asks for 24 hours, so half of that leaves time to repair. With `off` only `npx tweet-pipes forget` does it.',
    }),
  queryScanLimitMebibytes: wholeNumber(10, 10_000_000).default(102_400).register(optionDocumentation, {
    unit: 'MiB',
    allowed: 'a whole number from 10 to 10000000',
    meaning: 'Athena cancels a query that scans more. The default, 100 GiB, costs half a dollar.',
  }),
  queryResultRetentionDays: wholeNumber(1, 3650).default(7).register(optionDocumentation, {
    unit: 'days',
    allowed: 'a whole number from 1 to 3650',
    meaning: 'When S3 deletes the results of queries, which hold what was queried.',
  }),
  notebook: yesOrNo.default(false).register(optionDocumentation, {
    unit: '–',
    allowed: '`true` or `false`',
    meaning:
      'Whether the app has the stack `Notebook`, a notebook instance of SageMaker for the lake. It costs 16.30 USD a month while it stands, and 0.05 USD an hour while it runs.',
  }),
  salesRatePerMinute: wholeNumber(0, 6000).default(0).register(optionDocumentation, {
    unit: 'changes a minute',
    allowed: 'a whole number from 0 to 6000',
    meaning: 'How many changes of orders the stack `SalesLake` generates. With 0 its schedule is off.',
  }),
  salesTable: z.string().min(1).optional().register(optionDocumentation, {
    unit: '–',
    allowed: 'the path of a file that `npx tweet-pipes orders describe` wrote',
    meaning:
      'A table of your own whose changes the stack `SalesLake` keeps, in place of the table `orders` and its generator.',
  }),
  salesShards: z
    .union([z.literal('on-demand'), wholeNumber(1, 500)])
    .default(1)
    .register(optionDocumentation, {
      unit: 'shards',
      allowed: '`on-demand` or a whole number from 1 to 500',
      meaning: 'Capacity of the stream of changes of orders. A shard takes 1,000 changes or 1 MB a second.',
    }),
  logLevel: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).default('ALL').register(optionDocumentation, {
    unit: '–',
    allowed: '`ALL`, `ERROR`, `FATAL` or `OFF`',
    meaning:
      'What the workflow logs. `ALL` is every state of every execution, so that you can trace a batch in the console. The others log failures only.',
  }),
  executionData: yesOrNo.default(false).register(optionDocumentation, {
    unit: '–',
    allowed: '`true` or `false`',
    meaning:
      "Whether the workflow's log holds what states take and give, tweets included. Without it the log has states, paths, times and errors. With it the log costs more than everything else.",
  }),
  tracing: yesOrNo.default(true).register(optionDocumentation, {
    unit: '–',
    allowed: '`true` or `false`',
    meaning: 'Whether X-Ray traces the workflow.',
  }),
  pipeLogLevel: z.enum(['OFF', 'ERROR', 'INFO', 'TRACE']).default('ERROR').register(optionDocumentation, {
    unit: '–',
    allowed: '`OFF`, `ERROR`, `INFO` or `TRACE`',
    meaning: 'What the pipes log. They never log record data.',
  }),
  logRetentionDays: logRetentionDays.default(30).register(optionDocumentation, {
    unit: 'days',
    allowed: `one of ${logRetentions.join(', ')}`,
    meaning: 'When CloudWatch deletes log events.',
  }),
  alarmEmail: z.email().optional().register(optionDocumentation, {
    unit: '–',
    allowed: 'an e-mail address',
    meaning: 'Receives alarm notifications, once the subscription is confirmed. Without it none are sent.',
  }),
  monthlyBudgetUsd: wholeNumber(1, 1_000_000).optional().register(optionDocumentation, {
    unit: 'USD',
    allowed: 'a whole number from 1 to 1000000, together with `alarmEmail`',
    meaning:
      'A budget for the whole account. The alarm address gets a mail at 80 % of it, and when a month is forecast to exceed it.',
  }),
  tags: tags.optional().register(optionDocumentation, {
    unit: '–',
    allowed: 'an object of texts, or `key=value,key=value`, in the characters of AWS tags',
    meaning: 'Tags of every resource, to find it and its costs by.',
  }),
  removal: z.enum(['retain', 'destroy']).default('retain').register(optionDocumentation, {
    unit: '–',
    allowed: '`retain` or `destroy`',
    meaning:
      'Whether `cdk destroy` keeps the stream, the tables, the bucket and the dead-letter queues. With `retain` DynamoDB refuses to delete the tables.',
  }),
});
