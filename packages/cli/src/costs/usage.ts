import { scaledUnits, type Units } from '@tweet-pipes/local-aws/meter/metered';
import { DAYS_PER_MONTH } from './month-length.ts';
import type { PricedItem } from './price-list.ts';
import type { StackFacts } from './stack-facts.ts';

/** What a number of records used, and what they leave in the tables. */
export interface Usage {
  units: Units;
  /** Bytes of items as DynamoDB counts them, with its 100 for each item. */
  tweetBytes: number;
  deletionBytes: number;
}

/** The usage, multiplied: that of more or fewer records of the same kind. */
export function scaledUsage({ units, tweetBytes, deletionBytes }: Usage, factor: number): Usage {
  return {
    units: scaledUnits(units, factor),
    tweetBytes: tweetBytes * factor,
    deletionBytes: deletionBytes * factor,
  };
}

/** What decides how records are paid for, and for how long. */
export type RetentionFacts = Pick<
  StackFacts,
  'shards' | 'tweetRetentionDays' | 'deletionRetentionDays' | 'logRetentionDays' | 'archiveRetentionDays'
>;

/**
 * What is paid for records: what they use, by the mode of the stream, and what is kept of them, over the whole time for
 * which it is kept. Logs count at their full size, though CloudWatch compresses them; all objects count as if they were
 * kept as long as the archive.
 */
export function countedFor(
  { units, tweetBytes, deletionBytes }: Usage,
  facts: RetentionFacts,
): Partial<Record<PricedItem, number>> {
  const { s3StoredBytes, kinesisPutUnits, kinesisIngestedBytes, kinesisReadBytes, ...others } = units;
  const kept = (bytes: number, days: number) => (bytes * days) / DAYS_PER_MONTH;
  const itemByteMonths = kept(tweetBytes, facts.tweetRetentionDays) + kept(deletionBytes, facts.deletionRetentionDays);
  const logBytes = units.workflowLogBytes + units.pipeLogBytes + units.functionLogBytes;
  return {
    ...others,
    ...(facts.shards === 'on-demand' ? { kinesisIngestedBytes, kinesisReadBytes } : { kinesisPutUnits }),
    dynamodbStoredByteMonths: itemByteMonths,
    dynamodbRecoveryByteMonths: itemByteMonths,
    s3StoredByteMonths: kept(s3StoredBytes, facts.archiveRetentionDays),
    logStoredByteMonths: kept(logBytes, facts.logRetentionDays),
  };
}
