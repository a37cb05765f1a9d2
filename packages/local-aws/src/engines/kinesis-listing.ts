import { isJsonObject } from '@tweet-pipes/kit/json';
import type { StreamMeta } from 'kinesalite/db/index.js';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import { streamFacts } from './kinesis-descriptions.ts';
import {
  allStreams,
  findStream,
  invalidArgument,
  type KinesisOperation,
  limitType,
  nameType,
  numberOf,
  textOf,
  tokenType,
} from './kinesis-operation.ts';
import { filterShards, listedShards, type ShardFilter, shardsAfter } from './kinesis-shards.ts';
import { pageToken, readPageToken } from './page-token.ts';

/** Default of `Limit` of DescribeStream and ListStreams, and of `MaxResults` of ListShards. */
const DESCRIBED_SHARDS = 100;
const LISTED_STREAMS = 100;
const LISTED_SHARDS = 1_000;

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html */
export const describeStream: KinesisOperation = {
  types: { StreamName: { ...nameType, notNull: true }, Limit: limitType, ExclusiveStartShardId: nameType },
  async run({ store, clock }, input) {
    const stream = await findStream(store, textOf(input.StreamName) ?? '');
    const shards = shardsAfter(listedShards(stream, clock.now()), textOf(input.ExclusiveStartShardId));
    const page = shards.slice(0, numberOf(input.Limit) ?? DESCRIBED_SHARDS);
    return {
      StreamDescription: { ...streamFacts(stream), Shards: page, HasMoreShards: page.length < shards.length },
    };
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
export const listStreams: KinesisOperation = {
  types: { Limit: limitType, ExclusiveStartStreamName: nameType, NextToken: tokenType },
  async run({ store, clock }, input) {
    const token = textOf(input.NextToken);
    const after =
      token === undefined
        ? textOf(input.ExclusiveStartStreamName)
        : readPageToken('ListStreams', token, z.string(), clock.now());
    const streams = (await allStreams(store)).filter(({ StreamName }) => after === undefined || StreamName > after);
    const page = streams.slice(0, numberOf(input.Limit) ?? LISTED_STREAMS);
    const last = page.at(-1)?.StreamName;
    const hasMore = page.length < streams.length;
    return {
      StreamNames: page.map(({ StreamName }) => StreamName),
      HasMoreStreams: hasMore,
      ...(hasMore && last !== undefined ? { NextToken: pageToken('ListStreams', last, clock.now()) } : {}),
      StreamSummaries: page.map(summaryOf),
    };
  },
};

function summaryOf(stream: StreamMeta): Record<string, unknown> {
  const { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp } = streamFacts(stream);
  return { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp };
}

const filterTypes = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
] as const;

const filterSchema = z.union([
  z.strictObject({ type: z.enum(['FROM_TRIM_HORIZON', 'AT_TRIM_HORIZON', 'AT_LATEST']) }),
  z.strictObject({ type: z.literal('AFTER_SHARD_ID'), shardId: z.string() }),
  z.strictObject({ type: z.enum(['AT_TIMESTAMP', 'FROM_TIMESTAMP']), atMs: z.number() }),
]) satisfies z.ZodType<ShardFilter>;

/** What a token of ListShards continues. */
const listingSchema = z.strictObject({
  streamName: z.string(),
  createdAt: z.number(),
  after: z.string().optional(),
  filter: filterSchema,
});
type Listing = z.infer<typeof listingSchema>;

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
export const listShards: KinesisOperation = {
  types: {
    StreamName: nameType,
    NextToken: tokenType,
    ExclusiveStartShardId: nameType,
    MaxResults: limitType,
    StreamCreationTimestamp: { type: 'Timestamp' },
    ShardFilter: {
      type: 'Structure',
      children: {
        Type: { type: 'String', notNull: true, enum: filterTypes },
        ShardId: nameType,
        Timestamp: { type: 'Timestamp' },
      },
    },
  },
  async run({ store, clock }, input) {
    const token = textOf(input.NextToken);
    let listing: Listing;
    let stream: StreamMeta;
    if (token === undefined) {
      const streamName = textOf(input.StreamName);
      if (streamName === undefined) throw invalidArgument('Either NextToken or StreamName should be provided.');
      const filter = readFilter(input.ShardFilter);
      stream = await findStream(store, streamName);
      const createdAt = numberOf(input.StreamCreationTimestamp) ?? stream.StreamCreationTimestamp;
      listing = { streamName, createdAt, after: textOf(input.ExclusiveStartShardId), filter };
    } else {
      refuseBesideToken(input);
      listing = readPageToken('ListShards', token, listingSchema, clock.now());
      stream = await findStream(store, listing.streamName);
    }
    if (Math.abs(stream.StreamCreationTimestamp - listing.createdAt) >= 1) {
      const message = `Stream ${listing.streamName} with this creation time does not exist.`;
      throw new AwsError('ResourceNotFoundException', message);
    }
    const shards = shardsAfter(filterShards(listedShards(stream, clock.now()), listing.filter), listing.after);
    const page = shards.slice(0, numberOf(input.MaxResults) ?? LISTED_SHARDS);
    if (page.length === shards.length) return { Shards: page };
    return {
      Shards: page,
      NextToken: pageToken('ListShards', { ...listing, after: page.at(-1)?.ShardId }, clock.now()),
    };
  },
};

function refuseBesideToken(input: Record<string, unknown>): void {
  for (const member of ['StreamName', 'StreamCreationTimestamp', 'ExclusiveStartShardId', 'ShardFilter']) {
    if (input[member] !== undefined) throw invalidArgument(`NextToken and ${member} cannot be provided together.`);
  }
}

/** Default: all shards within the retention, as on AWS. */
function readFilter(given: unknown): ShardFilter {
  if (!isJsonObject(given)) return { type: 'FROM_TRIM_HORIZON' };
  const type = filterTypes.find((known) => known === given.Type) ?? 'FROM_TRIM_HORIZON';
  switch (type) {
    case 'AFTER_SHARD_ID': {
      const shardId = textOf(given.ShardId);
      if (shardId === undefined) throw invalidArgument(`ShardFilter ${type} requires ShardId.`);
      return { type, shardId };
    }
    case 'AT_TIMESTAMP':
    case 'FROM_TIMESTAMP': {
      const seconds = numberOf(given.Timestamp);
      if (seconds === undefined) throw invalidArgument(`ShardFilter ${type} requires Timestamp.`);
      return { type, atMs: seconds * 1_000 };
    }
    default:
      return { type };
  }
}
