import { COUNTER_BYTES, counterUnits, markBytes } from '@tweet-pipes/cli/costs/counter-units';
import { plural, thousands } from '@tweet-pipes/kit/wording';
import { DistinctHashtags } from '../simulation/hashtags.ts';
import {
  COMPACT_BYTES,
  fullShardRate,
  RAW_BYTES,
  type Scenario,
  scenario,
  TEMPLATE_BYTES,
} from '../simulation/scenario.ts';
import { largestAccepted } from '../simulation/workflow.ts';
import { shardCapacity } from './capacity.ts';

/** A limit, and the rate of tweets that reaches it. */
export interface Limit {
  readonly what: string;
  readonly tweetsPerSecond: number;
  /** How the rate follows from the limit. */
  readonly formula: string;
  /** What moves the limit. */
  readonly mitigation: string;
  readonly source: string;
}

/** Write units a second that a new table takes, and the quota of a table, which is also the most of warmThroughput. */
export const [NEW_TABLE_UNITS, TABLE_QUOTA_UNITS] = [4_000, 40_000] as const;
/** Bytes of a row in the archive of tweets, as JSON before compression: with all content, and with keys only. */
const [FULL_ROW_BYTES, KEYS_ROW_BYTES] = [700, 250] as const;
/** Planned maximum of the time in which a shard is busy. */
const PLANNED_SHARE = 0.8;

const kinesisLimits = 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html, 2026-11';
const dynamodbLimits = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html, 2026-11';
const warmThroughputPage =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html, 2026-11';
const firehoseLimits = 'https://docs.aws.amazon.com/firehose/latest/dev/limits.html, 2023-02';
const statesLimits =
  'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, 2022-08; since 2026 it names no number';
const pipesLimits = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html, 2023-02';

/** Options that move limits; undefined as by default. */
export interface Deployment {
  /** Of a provisioned stream. */
  readonly shards?: number;
  /** Write units a second. */
  readonly warmThroughput?: number;
  readonly counterItems?: number;
}

/**
 * Limits of a stack with the default options, sorted by the rate of tweets that reaches them, for compact or raw tweets
 * and one batch size.
 */
export function limits(base: Partial<Scenario>, size: 'compact' | 'raw'): Limit[] {
  return limitsBy(base, size)({});
}

/** The same for stacks with other options. Simulates the capacity of a shard once. */
export function limitsBy(base: Partial<Scenario>, size: 'compact' | 'raw'): (deployed: Deployment) => Limit[] {
  const shard = shardFacts(base, size);
  return (deployed) =>
    [
      ...(deployed.shards === undefined ? onDemandLimits(shard) : [provisionedLimit(shard, deployed.shards)]),
      ...newTableLimits(shard, deployed),
      ...hotHashtagLimits(shard, deployed),
      ...quotas(shard),
      marksLimit(shard, deployed),
    ]
      .filter(({ tweetsPerSecond }) => Number.isFinite(tweetsPerSecond))
      .sort((a, b) => a.tweetsPerSecond - b.tweetsPerSecond);
}

/** A shard with tweets of one size in batches of one size. */
interface ShardFacts {
  readonly recordBytes: number;
  /** Tweets a second that a shard takes in. */
  readonly fullShard: number;
  /** Tweets a second that a shard takes in, and processes for 80 % of the time; rounded; how it follows. */
  readonly capacity: number;
  readonly perShard: number;
  readonly capacityFormula: string;
  readonly tweetsPerBatch: number;
  /** Updates of counters for each tweet. */
  readonly hashtagWrites: number;
}

function shardFacts(base: Partial<Scenario>, size: 'compact' | 'raw'): ShardFacts {
  const recordBytes = size === 'compact' ? COMPACT_BYTES : RAW_BYTES;
  const given = scenario({ ...base, inputBytesPerTweet: recordBytes + TEMPLATE_BYTES });
  const fullShard = fullShardRate(recordBytes, given.table);
  const planned = shardCapacity(given) * PLANNED_SHARE;
  const capacity = Math.min(fullShard, planned);
  const perShard = Math.max(1, Math.round(capacity));
  const tweetsPerBatch = largestAccepted(given);
  const why =
    planned < fullShard
      ? `80 % of the simulated capacity of a shard at ${tweetsPerBatch} tweets a batch`
      : 'what a shard takes in';
  return {
    ...{ recordBytes, fullShard, capacity, perShard, capacityFormula: `${perShard} (${why})`, tweetsPerBatch },
    hashtagWrites: new DistinctHashtags(given).in(tweetsPerBatch) / tweetsPerBatch,
  };
}

function provisionedLimit({ capacity, perShard, capacityFormula }: ShardFacts, shards: number): Limit {
  return {
    what: `the ${shards} shards, one execution each`,
    tweetsPerSecond: shards * capacity,
    formula: `${shards} × ${capacityFormula}`,
    mitigation: `shards=N with N = rate / ${perShard}`,
    source: kinesisLimits,
  };
}

/** Limits of an on-demand stream when it is new. */
function onDemandLimits({ recordBytes, fullShard, capacity, perShard, capacityFormula }: ShardFacts): Limit[] {
  const onDemandShardTweets = Math.min(fullShard, 500_000 / recordBytes);
  return [
    {
      what: 'the 4 shards of a new on-demand stream, one execution each',
      tweetsPerSecond: 4 * capacity,
      formula: `4 × ${capacityFormula}`,
      mitigation: `larger ingestBatchSize; shards=N with N = rate / ${perShard}`,
      source: kinesisLimits,
    },
    {
      what: 'the initial capacity of an on-demand stream, 4 MB/s and 4,000 records/s',
      tweetsPerSecond: Math.min(4_000, 4e6 / recordBytes),
      formula: `min(4,000, 4,000,000 / ${recordBytes})`,
      mitigation: 'it doubles with use; shards=N from the start',
      source: kinesisLimits,
    },
    {
      what: 'on-demand shards are split by bytes, not by the lag of their pipe',
      tweetsPerSecond: onDemandShardTweets > capacity ? 4 * capacity : Number.POSITIVE_INFINITY,
      formula:
        `${Math.round(onDemandShardTweets)} tweets/s reach a shard before it is split, ` +
        `its capacity is ${perShard}`,
      mitigation: 'shards=N; larger ingestBatchSize',
      source: kinesisLimits,
    },
    {
      what: 'an on-demand stream, 200 MB/s (10 GB/s in us-east-1, us-west-2, eu-west-1)',
      tweetsPerSecond: 200e6 / recordBytes,
      formula: `200,000,000 / ${recordBytes}`,
      mitigation: 'provisioned shards, or a support ticket',
      source: kinesisLimits,
    },
  ];
}

/** Limits of on-demand tables when they are new, or as warm as the option makes them. */
function newTableLimits({ hashtagWrites }: ShardFacts, { warmThroughput }: Deployment): Limit[] {
  const writeUnits = warmThroughput ?? NEW_TABLE_UNITS;
  const readUnits = Math.max(12_000, warmThroughput ?? 0);
  const tableOf = (name: string) =>
    warmThroughput === undefined
      ? `a new table \`${name}\``
      : `the table \`${name}\` with warmThroughput=${warmThroughput}`;
  const isAtMost = warmThroughput === TABLE_QUOTA_UNITS;
  const growth = `it doubles with use within 30 minutes; the option warmThroughput${isAtMost ? ' is at its most' : ''}`;
  return [
    {
      what: `write units of ${tableOf('tweets')}`,
      tweetsPerSecond: writeUnits,
      formula: `${thousands(writeUnits)} units/s / 1 unit a tweet of up to 1 KB`,
      mitigation: growth,
      source: warmThroughputPage,
    },
    {
      what: `write units of ${tableOf('hashtags')}`,
      tweetsPerSecond: writeUnits / hashtagWrites,
      formula: `${thousands(writeUnits)} units/s / ${hashtagWrites.toFixed(2)} hashtags a tweet and batch`,
      mitigation: `${growth}; larger batches`,
      source: warmThroughputPage,
    },
    {
      what: `read units of ${tableOf('deletions')}`,
      tweetsPerSecond: readUnits,
      formula: `${thousands(readUnits)} units/s / 1 unit a read`,
      mitigation: 'it doubles with use',
      source: warmThroughputPage,
    },
  ];
}

/** One hashtag in every tweet, with the marks of the open shards, and with as many of closed ones. */
function hotHashtagLimits({ tweetsPerBatch, perShard }: ShardFacts, { counterItems = 1, shards }: Deployment): Limit[] {
  return [1, 2].map((marksPerShard) => {
    const hot = hotCounterLimit({ tweetsPerBatch, perShard, marksPerShard, counterItems, shards });
    const after = marksPerShard === 2 ? ', after the stream has doubled its shards' : '';
    const marks = `the marks of ${plural(hot.shards * marksPerShard, 'shard')} on ${plural(counterItems, 'item')}`;
    return {
      what: `one hashtag in every tweet: the write units of its counter${after}`,
      tweetsPerSecond: hot.tweetsPerSecond,
      formula: `${tweetsPerBatch} × 1,000 × ${counterItems} / ${hot.units} units of an update with ${marks}`,
      mitigation: 'a higher counterItems (docs/adr/0062); larger batches, fewer shards',
      source: warmThroughputPage,
    };
  });
}

/** The high-water marks of all shards that have ever counted a hashtag, on one item of its counter. */
function marksLimit({ capacity, perShard }: ShardFacts, { counterItems = 1 }: Deployment): Limit {
  const shardsPerItem = Math.floor((400 * 1024 - COUNTER_BYTES) / markBytes(1_000));
  const formula = `(400 × 1,024 − ${COUNTER_BYTES}) / ${markBytes(1_000)} = ${shardsPerItem} shards`;
  return {
    what: 'an item of 400 KB: high-water marks on one item of a counter',
    tweetsPerSecond: counterItems * shardsPerItem * capacity,
    formula: `${formula} × ${counterItems} × ${perShard}`,
    mitigation: 'a higher counterItems; fewer shards',
    source: dynamodbLimits,
  };
}

/** Quotas of the account, and bounds of options. */
function quotas({ hashtagWrites, capacity, perShard }: ShardFacts): Limit[] {
  const firehoseBytes = 5 * 1024 * 1024;
  const ofKeys = thousands(Math.floor(firehoseBytes / KEYS_ROW_BYTES));
  return [
    {
      what: 'Firehose for the archive of tweets, direct PUT, us-east-1, us-west-2, eu-west-1: 5 MiB/s',
      tweetsPerSecond: firehoseBytes / FULL_ROW_BYTES,
      formula: `5 MiB/s / ${FULL_ROW_BYTES} bytes a row (every tweet expires at some time)`,
      mitigation: `a raised quota; archiveContent=keys: ${ofKeys} tweets/s of ${KEYS_ROW_BYTES} bytes a row`,
      source: firehoseLimits,
    },
    {
      what: 'write units of `tweets`, the quota of a table',
      tweetsPerSecond: TABLE_QUOTA_UNITS,
      formula: '40,000 units/s / 1',
      mitigation: 'a raised quota',
      source: dynamodbLimits,
    },
    {
      what: 'write units of `hashtags`, the quota of a table',
      tweetsPerSecond: TABLE_QUOTA_UNITS / hashtagWrites,
      formula: `40,000 units/s / ${hashtagWrites.toFixed(2)}`,
      mitigation: 'a raised quota',
      source: dynamodbLimits,
    },
    {
      what: '500 shards, the maximum of the option `shards`',
      tweetsPerSecond: 500 * capacity,
      formula: `500 × ${perShard}`,
      mitigation: 'a higher maximum of the option',
      source: 'infra/options.ts',
    },
    {
      what: '1,000 executions of pipes at a time (3,000 in some Regions)',
      tweetsPerSecond: 1_000 * capacity,
      formula: `1,000 shards × ${perShard}`,
      mitigation: 'a raised quota',
      source: pipesLimits,
    },
    {
      what: '1,000 synchronous Express executions at a time (up to 3,700 by Region)',
      tweetsPerSecond: 1_000 * capacity,
      formula: `1,000 shards × ${perShard}`,
      mitigation: 'it grows with steady use',
      source: statesLimits,
    },
  ];
}

/** The rate at which full batches exhaust the items of the hot counter; without `shards`, found by adding shards. */
function hotCounterLimit(of: {
  tweetsPerBatch: number;
  perShard: number;
  marksPerShard: number;
  counterItems: number;
  shards: number | undefined;
}): { tweetsPerSecond: number; shards: number; units: number } {
  for (let shards = of.shards ?? 1; ; shards += 1) {
    const units = counterUnits(of.marksPerShard * shards, of.counterItems);
    const tweetsPerSecond = (of.tweetsPerBatch * 1_000 * of.counterItems) / units;
    if (of.shards !== undefined || tweetsPerSecond <= shards * of.perShard) return { tweetsPerSecond, shards, units };
  }
}
