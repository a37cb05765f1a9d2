import { AttributeType, BillingMode, StreamViewType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

import type { Config, ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/** The four tables; docs/records.md has their items. */
export class Tables extends Construct {
  /** One item per hashtag with its counter. */
  readonly hashtags: Table;
  /** One item per accepted tweet, until it is deleted or expires. */
  readonly tweets: Table;
  /** One tombstone per deleted id, so that the tweet is not accepted again. */
  readonly deletions: Table;
  /** One item per shard: its high-water mark, the position up to which records are stored. */
  readonly shards: Table;

  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id);
    const shared = durableTable(config);
    const archived = { stream: StreamViewType.NEW_AND_OLD_IMAGES } satisfies Partial<TableProps>;
    const expiring = { timeToLiveAttribute: 'expiresAt' } satisfies Partial<TableProps>;
    const warm = warmThroughput(config);
    const key = (name: string) => ({ partitionKey: { name, type: AttributeType.STRING } });

    this.hashtags = new Table(this, 'Hashtags', { ...shared, ...archived, ...warm.writes, ...key('hashtag') });
    this.tweets = new Table(this, 'Tweets', { ...shared, ...archived, ...expiring, ...warm.writes, ...key('id') });
    this.deletions = new Table(this, 'Deletions', { ...shared, ...expiring, ...warm.reads, ...key('id') });
    this.shards = new Table(this, 'Shards', { ...shared, ...expiring, ...key('shard') });
  }
}

/** A table on demand that can be restored and is not deleted by accident. */
export function durableTable(config: Config) {
  return {
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: config.recoveryPeriodInDays,
    },
    removalPolicy: removalPolicy(config),
    // A creation that fails cannot delete them then; docs/runbook.md, "If the first deployment fails".
    ...(config.removal === 'retain' ? { deletionProtection: true } : {}),
  } satisfies Partial<TableProps>;
}

/** What a new on-demand table has, in units a second; less is refused (AWS: "DynamoDB warm throughput"). */
const firstReadUnits = 12_000;

/** A new tweet takes a write in `tweets`, about one in `hashtags`, and a read in `deletions` (docs/costs.md). */
function warmThroughput({ warmThroughput: units }: Config): Record<'writes' | 'reads', Partial<TableProps>> {
  if (units === undefined) return { writes: {}, reads: {} };
  return {
    writes: { warmThroughput: { writeUnitsPerSecond: units } },
    reads: units <= firstReadUnits ? {} : { warmThroughput: { readUnitsPerSecond: units } },
  };
}
