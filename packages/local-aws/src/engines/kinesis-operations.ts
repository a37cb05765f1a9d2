import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Store } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import { callKinesalite, checkInput } from './kinesalite-call.ts';
import { kinesaliteOperations } from './kinesalite-operations.ts';
import { withStreamName } from './kinesis-arn.ts';
import {
  deregisterStreamConsumer,
  describeStreamConsumer,
  listStreamConsumers,
  registerStreamConsumer,
} from './kinesis-consumers.ts';
import { describeLimits, describeStreamSummary, streamMode, updateStreamMode } from './kinesis-descriptions.ts';
import { describeStream, listShards, listStreams } from './kinesis-listing.ts';
import { changeStream, findStream, type KinesisContext, type KinesisOperation } from './kinesis-operation.ts';
import { cappedReads, iteratorAtTimestamp, millisBehindLatest, type ReadTrace } from './kinesis-reads.ts';
import { recordBytes } from './kinesis-record-size.ts';
import { updateShardCount } from './kinesis-resharding.ts';
import { childShards } from './kinesis-shards.ts';
import { listTagsForResource, tagResource, untagResource } from './kinesis-tags.ts';
import { whenSettled } from './kinesis-upkeep.ts';

/**
 * Shards of a new on-demand stream: 4 MB/s at 1 MB/s a shard,
 * https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 */
const ON_DEMAND_SHARDS = 4;
/**
 * Limit of one PutRecords, partition keys included,
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 */
const CALL_LIMIT_BYTES = 10 * 1024 * 1024;

/** Operations that AWS answers before they complete. Here they complete before their answer. */
const CHANGING = new Set(['DeleteStream', 'SplitShard', 'MergeShards']);

/** Operations that kinesalite lacks or answers in part. */
const ownOperations: Readonly<Record<string, KinesisOperation>> = {
  DeregisterStreamConsumer: deregisterStreamConsumer,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeStreamConsumer: describeStreamConsumer,
  DescribeStreamSummary: describeStreamSummary,
  ListShards: listShards,
  ListStreamConsumers: listStreamConsumers,
  ListStreams: listStreams,
  ListTagsForResource: listTagsForResource,
  RegisterStreamConsumer: registerStreamConsumer,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: updateStreamMode,
};

/** The names of the operations, without SubscribeToShard, whose answer is a stream. */
export const kinesisOperations: readonly string[] = [
  ...new Set([...Object.keys(kinesaliteOperations), ...Object.keys(ownOperations)]),
];

/**
 * Runs one Kinesis operation: ours, or kinesalite's with what it lacks. Input and output are as in JSON: blobs in
 * base64, times in epoch seconds. Throws {@link AwsError}.
 */
export async function runKinesis(
  context: KinesisContext,
  operation: string,
  named: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { store, clock } = context;
  const input = withStreamName(operation, named);
  const own = Object.hasOwn(ownOperations, operation) ? ownOperations[operation] : undefined;
  if (own !== undefined) return own.run(context, checkInput(operation, input, own));
  if (operation === 'CreateStream') return createStream(store, input);
  if (operation === 'DeleteStream') await refuseWithConsumers(store, input);
  if (operation === 'PutRecords') checkTotalSize(input.Records);
  if (operation === 'GetRecords') return getRecords(context, input);
  if (operation === 'GetShardIterator' && input.ShardIteratorType === 'AT_TIMESTAMP') {
    return iteratorAtTimestamp(store, clock, input);
  }
  if (!CHANGING.has(operation)) return callKinesalite(store, operation, input);
  const { EnforceConsumerDeletion: _, ...change } = input;
  const output = await callKinesalite(store, operation, operation === 'DeleteStream' ? change : input);
  await whenSettled(store, String(input.StreamName));
  return output;
}

async function refuseWithConsumers(store: Store, input: Record<string, unknown>): Promise<void> {
  if (input.EnforceConsumerDeletion === true || typeof input.StreamName !== 'string') return;
  const { _consumers: consumers = [] } = await findStream(store, input.StreamName);
  if (consumers.length === 0) return;
  throw new AwsError(
    'ResourceInUseException',
    `Stream ${input.StreamName} has consumers. Deregister them, or set EnforceConsumerDeletion.`,
  );
}

async function getRecords(
  { store, clock }: KinesisContext,
  { StreamName: _, ...input }: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const trace: ReadTrace = {};
  const output = await callKinesalite(cappedReads(store, trace), 'GetRecords', input);
  if (trace.last !== undefined) {
    return { ...output, MillisBehindLatest: await millisBehindLatest(store, clock, trace, lastAnswered(output)) };
  }
  const { streamName, shardId } = trace;
  if (output.NextShardIterator !== undefined || streamName === undefined || shardId === undefined) return output;
  return { ...output, ChildShards: childShards(await findStream(store, streamName), shardId) };
}

function checkTotalSize(records: unknown): void {
  if (!Array.isArray(records)) return; // kinesalite rejects it with AWS's message.
  let bytes = 0;
  for (const record of records) {
    if (!isJsonObject(record)) return;
    bytes += recordBytes(record);
  }
  if (bytes > CALL_LIMIT_BYTES) {
    throw new AwsError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
  }
}

async function createStream(store: Store, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { StreamModeDetails: details, Tags: tags, ...rest } = input;
  const mode = streamMode(details) ?? 'PROVISIONED';
  if (mode === 'ON_DEMAND' && rest.ShardCount !== undefined) {
    throw new AwsError('ValidationException', 'ShardCount must not be given for an ON_DEMAND stream.');
  }
  await callKinesalite(store, 'CreateStream', mode === 'ON_DEMAND' ? { ...rest, ShardCount: ON_DEMAND_SHARDS } : rest);
  const streamName = String(rest.StreamName);
  await whenSettled(store, streamName);
  await changeStream(store, streamName, (stream) => ({ ...stream, StreamModeDetails: { StreamMode: mode } }));
  if (isJsonObject(tags)) await callKinesalite(store, 'AddTagsToStream', { StreamName: streamName, Tags: tags });
  return {};
}

function lastAnswered(output: Record<string, unknown>): { sequenceNumber: string; arrivalSeconds: number } | undefined {
  const last: unknown = Array.isArray(output.Records) ? output.Records.at(-1) : undefined;
  if (!isJsonObject(last)) return undefined;
  const { SequenceNumber: sequenceNumber, ApproximateArrivalTimestamp: arrivalSeconds } = last;
  if (typeof sequenceNumber !== 'string' || typeof arrivalSeconds !== 'number') return undefined;
  return { sequenceNumber, arrivalSeconds };
}
