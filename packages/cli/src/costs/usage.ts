import { scaledUnits, type Units } from '@tweet-pipes/local-aws/meter/metered';
import type { Config } from '../../../../infra/config.ts';
import { DAYS_PER_MONTH } from './month-length.ts';
import type { PricedItem } from './price-list.ts';

/** What some records have used, and what they leave in the tables. */
export interface Usage {
  units: Units;
  /** Bytes of items as DynamoDB counts them, with its 100 for each. */
  tweetBytes: number;
  deletionBytes: number;
}

/** The usage of more or fewer records of the same kind. */
export function scaledUsage({ units, tweetBytes, deletionBytes }: Usage, factor: number): Usage {
  return {
    units: scaledUnits(units, factor),
    tweetBytes: tweetBytes * factor,
    deletionBytes: deletionBytes * factor,
  };
}

/** The options of a stack that decide what is paid for records, and for how long. */
export interface KeptOptions {
  shards: Config['shards'];
  tweetRetentionDays: number;
  deletionRetentionDays: number;
  logRetentionDays: number;
  archiveRetentionDays: number;
}

/**
 * What is paid for records: what they use, by the mode of the stream, and what is kept of them for as long as the
 * options say, up to which they cost it in all. Logs are counted as they come in, though CloudWatch compresses what it
 * keeps; all objects as if they stayed as long as the archive.
 */
export function countedFor(
  { units, tweetBytes, deletionBytes }: Usage,
  options: KeptOptions,
): Partial<Record<PricedItem, number>> {
  const { s3StoredBytes, kinesisPutUnits, kinesisIngestedBytes, kinesisReadBytes, ...others } = units;
  const kept = (bytes: number, days: number) => (bytes * days) / DAYS_PER_MONTH;
  const itemByteMonths =
    kept(tweetBytes, options.tweetRetentionDays) + kept(deletionBytes, options.deletionRetentionDays);
  const logBytes = units.workflowLogBytes + units.pipeLogBytes + units.functionLogBytes;
  return {
    ...others,
    ...(options.shards === 'on-demand' ? { kinesisIngestedBytes, kinesisReadBytes } : { kinesisPutUnits }),
    dynamodbStoredByteMonths: itemByteMonths,
    dynamodbRecoveryByteMonths: itemByteMonths,
    s3StoredByteMonths: kept(s3StoredBytes, options.archiveRetentionDays),
    logStoredByteMonths: kept(logBytes, options.logRetentionDays),
  };
}
