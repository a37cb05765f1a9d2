import { readFileSync } from 'node:fs';

import { type SalesTable, salesTableSchema } from '@tweet-pipes/kit/orders/sales-table';
import { closestMatch } from 'leven';
import * as z from 'zod';

import { ConfigurationError } from './configuration-error.ts';
import { optionDocumentation, optionSchema } from './options.ts';

/** How the context names the options: `-c tweetPipes:shards=4`, or `"tweetPipes:shards": 4` in cdk.json. */
export const optionPrefix = 'tweetPipes:';

/** Time between giving a record up and its expiry in the source, in which its dead letter can be followed; seconds. */
const retentionMarginSeconds = 3600;

/** How long DynamoDB Streams retains records; fixed (AWS: "DynamoDB Streams, data retention limit"); seconds. */
const tableStreamRetentionSeconds = 24 * 3600;

/** The highest value that Pipes accepts. */
const maximumRecordAgeSeconds = 604_800;

/** AWS: "Enable record format conversion" of Data Firehose. */
const leastParquetMebibytes = 64;

type OptionWithoutDefault = 'alarmEmail' | 'warmThroughput' | 'monthlyBudgetUsd' | 'tags' | 'salesTable';

/** The checked options of a deployment, with defaults; docs/configuration.md. */
export interface Config extends Required<Omit<z.output<typeof optionSchema>, OptionWithoutDefault>> {
  alarmEmail: string | undefined;
  /** Write units a second. */
  warmThroughput: number | undefined;
  monthlyBudgetUsd: number | undefined;
  tags: Readonly<Record<string, string>>;
  /** Undefined: the table of generated orders. */
  salesTable: SalesTable | undefined;
  /** Age at which an archive pipe gives up a removal; seconds. */
  archiveRecordAgeSeconds: number;
}

/** Props of a construct that depends on options. */
export interface ConfiguredProps {
  /** The options of the deployment. */
  config: Config;
}

/**
 * Reads the options from the CDK context. Keys without the prefix are ignored.
 * Throws ConfigurationError for an unknown option, a value that is not allowed, and values that contradict each other.
 */
export function readConfig(context: Readonly<Record<string, unknown>>): Config {
  const options = optionSchema.safeParse(optionsIn(context));
  if (!options.success) throw new ConfigurationError(explain(options.error.issues, context).join('\n'));
  return check(options.data);
}

/** The options that stand in the context without their prefix, and so have no effect. */
export function optionsWithoutPrefix(context: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(optionSchema.shape).filter((name) => Object.hasOwn(context, name));
}

function optionsIn(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = Object.keys(optionSchema.shape);
  const given = Object.keys(context).filter((key) => key.toLowerCase().startsWith(optionPrefix.toLowerCase()));
  const unknown = given.filter(
    (key) => !key.startsWith(optionPrefix) || !names.includes(key.slice(optionPrefix.length)),
  );
  if (unknown.length > 0) {
    throw new ConfigurationError(
      unknown
        .map((key) => {
          const closest = closestName(key.slice(optionPrefix.length), names);
          return `Unknown option ${key}. The closest is ${optionPrefix}${closest}; docs/configuration.md lists all.`;
        })
        .join('\n'),
    );
  }
  return Object.fromEntries(given.map((key) => [key.slice(optionPrefix.length), context[key]]));
}

/** The name that takes the fewest edits to type, whatever the case. */
function closestName(typed: string, names: readonly string[]): string | undefined {
  const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]));
  return byLowerCase.get(closestMatch(typed.toLowerCase(), [...byLowerCase.keys()]) ?? '');
}

function explain(issues: readonly z.core.$ZodIssue[], context: Readonly<Record<string, unknown>>): string[] {
  const shape: Record<string, z.ZodType> = optionSchema.shape;
  const names = new Set(issues.map((issue) => String(issue.path[0])));
  return [...names].map((name) => {
    const schema = shape[name];
    const allowed = schema === undefined ? undefined : optionDocumentation.get(schema)?.allowed;
    return `${optionPrefix}${name} must be ${allowed}, but is ${JSON.stringify(context[optionPrefix + name])}.`;
  });
}

function check(options: z.output<typeof optionSchema>): Config {
  const streamRetentionSeconds = options.streamRetentionHours * 3600;
  const latestAgeSeconds = streamRetentionSeconds - retentionMarginSeconds;
  const ingestRecordAgeSeconds = options.ingestRecordAgeSeconds ?? Math.min(latestAgeSeconds, maximumRecordAgeSeconds);
  const problems: string[] = [];
  if (ingestRecordAgeSeconds > latestAgeSeconds) {
    problems.push(
      `${optionPrefix}ingestRecordAgeSeconds is ${ingestRecordAgeSeconds}, but may be at most ${latestAgeSeconds}: a record that was given up must stay in the ` +
        `stream for another ${retentionMarginSeconds} seconds, and ${optionPrefix}streamRetentionHours is ${options.streamRetentionHours}.`,
    );
  }
  for (const name of ['tweetRetentionDays', 'deletionRetentionDays'] as const) {
    if (options[name] * 24 * 3600 < streamRetentionSeconds + retentionMarginSeconds) {
      problems.push(
        `${optionPrefix}${name} is ${options[name]}, which is not longer than the stream retains records (${optionPrefix}streamRetentionHours is ` +
          `${options.streamRetentionHours}) and an hour: a redelivered record would be counted again.`,
      );
    }
  }
  if (options.lakeFormat === 'parquet' && options.lakeBufferMebibytes < leastParquetMebibytes) {
    problems.push(
      `${optionPrefix}lakeBufferMebibytes is ${options.lakeBufferMebibytes}, but Firehose writes Parquet in files of at least ${leastParquetMebibytes}: raise it, or set ${optionPrefix}lakeFormat to json.`,
    );
  }
  if (options.monthlyBudgetUsd !== undefined && options.alarmEmail === undefined) {
    problems.push(
      `${optionPrefix}monthlyBudgetUsd is ${options.monthlyBudgetUsd}, but there is no address to warn: set ${optionPrefix}alarmEmail as well.`,
    );
  }
  const salesTable = options.salesTable === undefined ? undefined : readSalesTable(options.salesTable, problems);
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return {
    ...options,
    alarmEmail: options.alarmEmail,
    warmThroughput: options.warmThroughput,
    monthlyBudgetUsd: options.monthlyBudgetUsd,
    tags: options.tags ?? {},
    salesTable,
    ingestRecordAgeSeconds,
    archiveRecordAgeSeconds: tableStreamRetentionSeconds - retentionMarginSeconds,
  };
}

/** The table that a file describes. Adds what is wrong with the file to `problems`. */
function readSalesTable(path: string, problems: string[]): SalesTable | undefined {
  const remedy = `Write it with npx tweet-pipes orders describe <table> > ${path}`;
  try {
    const parsed = salesTableSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return parsed.data;
    problems.push(`${optionPrefix}salesTable: ${path} describes no table. ${remedy}\n${z.prettifyError(parsed.error)}`);
  } catch (error) {
    problems.push(
      `${optionPrefix}salesTable: ${path} cannot be read as JSON: ${error instanceof Error ? error.message : error}. ${remedy}`,
    );
  }
  return undefined;
}
