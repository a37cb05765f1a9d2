import { isJsonObject } from '@tweet-pipes/kit/json';
import type { StreamMeta } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import {
  allStreams,
  changeStream,
  findStream,
  invalidArgument,
  type KinesisOperation,
  nameType,
  textOf,
} from './kinesis-operation.ts';
import { isOpen } from './kinesis-shards.ts';

/** The largest record, in KiB. */
const RECORD_LIMIT_KIB = 1_024;
/**
 * Limits of an AWS account: open shards of all provisioned streams, and streams on demand,
 * https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
export const SHARD_LIMIT = 500;
const ON_DEMAND_STREAM_LIMIT = 50;

/** The members that every description of a stream has. */
export function streamFacts(stream: StreamMeta): Record<string, unknown> {
  return {
    StreamName: stream.StreamName,
    StreamARN: stream.StreamARN,
    StreamStatus: stream.StreamStatus,
    StreamModeDetails: stream.StreamModeDetails ?? { StreamMode: 'PROVISIONED' },
    RetentionPeriodHours: stream.RetentionPeriodHours,
    StreamCreationTimestamp: stream.StreamCreationTimestamp,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html */
export const describeStreamSummary: KinesisOperation = {
  types: { StreamName: { ...nameType, notNull: true } },
  async run({ store }, input) {
    const stream = await findStream(store, textOf(input.StreamName) ?? '');
    return {
      StreamDescriptionSummary: {
        ...streamFacts(stream),
        OpenShardCount: stream.Shards.filter(isOpen).length,
        ConsumerCount: stream._consumers?.length ?? 0,
        MaxRecordSizeInKiB: RECORD_LIMIT_KIB,
      },
    };
  },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeLimits.html */
export const describeLimits: KinesisOperation = {
  types: {},
  async run({ store }) {
    const streams = await allStreams(store);
    return {
      ShardLimit: SHARD_LIMIT,
      OpenShardCount: streams.reduce((sum, { Shards }) => sum + Shards.filter(isOpen).length, 0),
      OnDemandStreamCount: streams.filter((stream) => stream.StreamModeDetails?.StreamMode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: ON_DEMAND_STREAM_LIMIT,
    };
  },
};

/**
 * Changes the mode and no shard, as AWS does at first. AWS allows two changes in 24 hours; here there is no limit.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html
 */
export const updateStreamMode: KinesisOperation = {
  types: { StreamName: { ...nameType, notNull: true }, StreamModeDetails: modeType() },
  async run({ store }, input) {
    const StreamMode = streamMode(input.StreamModeDetails);
    if (StreamMode === undefined) throw invalidArgument('StreamModeDetails is required.');
    await changeStream(store, textOf(input.StreamName) ?? '', (stream) => ({
      ...stream,
      StreamModeDetails: { StreamMode },
    }));
    return {};
  },
};

/** The mode in `StreamModeDetails`. Undefined when there are none. Throws `ValidationException` for another mode. */
export function streamMode(details: unknown): 'ON_DEMAND' | 'PROVISIONED' | undefined {
  if (!isJsonObject(details)) return undefined;
  const mode = details.StreamMode;
  if (mode === 'ON_DEMAND' || mode === 'PROVISIONED') return mode;
  throw new AwsError('ValidationException', `StreamMode must be ON_DEMAND or PROVISIONED, not ${String(mode)}.`);
}

function modeType(): object {
  return { type: 'Structure', children: { StreamMode: { type: 'String' } } };
}
