import { scaledUnits, type Units } from '@tweet-pipes/local-aws/meter/metered';
import type { CountedByStack } from './bill.ts';
import { DAYS_PER_MONTH } from './month-length.ts';
import type { PricedItem } from './price-list.ts';
import type { AppFacts, StackFacts } from './stack-facts.ts';

/** What a number of records used, and what they leave in the tables. */
export interface Usage {
  /** By the name of the stack. */
  units: Readonly<Record<string, Units>>;
  /** Bytes of items as DynamoDB counts them, with its 100 for each item. */
  tweetBytes: number;
  deletionBytes: number;
}

/** What a number of records used, in batches of one size. */
export interface Measured {
  usage: Usage;
  records: number;
  /** Of the pipeline's workflow. */
  executions: number;
  /** Tombstones that the records left. */
  deletions: number;
  /** Updates of counters, among whose units each counts as one. */
  counterUpdates: number;
}

/** The usage, multiplied: that of more or fewer records of the same kind. */
export function scaledUsage({ units, tweetBytes, deletionBytes }: Usage, factor: number): Usage {
  return {
    units: mapStacks(units, (ofStack) => scaledUnits(ofStack, factor)),
    tweetBytes: tweetBytes * factor,
    deletionBytes: deletionBytes * factor,
  };
}

/** A value for each stack, made of another one. */
export function mapStacks<From, To>(
  stacks: Readonly<Record<string, From>>,
  make: (value: From, stack: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(stacks).map(([stack, value]) => [stack, make(value, stack)]));
}

/**
 * What is paid for records: what they use, by the mode of the stream, and what is kept of them, over the whole time for
 * which it is kept. Items are kept by the tables of the core.
 */
export function countedFor({ units, tweetBytes, deletionBytes }: Usage, facts: AppFacts): CountedByStack {
  const { core, pipeline, stacks } = facts;
  const itemByteMonths =
    kept(tweetBytes, pipeline.tweetRetentionDays) + kept(deletionBytes, pipeline.deletionRetentionDays);
  return mapStacks(stacks, (stack, name) => {
    const ofStack = units[name];
    return {
      ...(ofStack && paidUnits(ofStack, { ...stack, isOnDemand: pipeline.stream.shards === 'on-demand' })),
      ...(name === core && { dynamodbStoredByteMonths: itemByteMonths, dynamodbRecoveryByteMonths: itemByteMonths }),
    };
  });
}

/** What decides how units are paid for. */
export interface PaymentFacts extends Pick<StackFacts, 'logRetentionDays' | 'objectRetentionDays'> {
  /** Whether the stream that is written and read is in on-demand mode. */
  isOnDemand: boolean;
}

/**
 * The priced items of units. Logs count at their full size, though CloudWatch compresses them; all objects count as if
 * they were kept as long as the longest of their bucket.
 */
export function paidUnits(units: Units, facts: PaymentFacts): Partial<Record<PricedItem, number>> {
  const {
    s3StoredBytes,
    s3DeliveredObjects: _,
    kinesisPutUnits,
    kinesisIngestedBytes,
    kinesisReadBytes,
    ...others
  } = units;
  const logBytes = units.workflowLogBytes + units.pipeLogBytes + units.functionLogBytes;
  return {
    ...others,
    ...(facts.isOnDemand ? { kinesisIngestedBytes, kinesisReadBytes } : { kinesisPutUnits }),
    s3StoredByteMonths: kept(s3StoredBytes, facts.objectRetentionDays),
    logStoredByteMonths: kept(logBytes, facts.logRetentionDays),
  };
}

function kept(bytes: number, days: number): number {
  return (bytes * days) / DAYS_PER_MONTH;
}
