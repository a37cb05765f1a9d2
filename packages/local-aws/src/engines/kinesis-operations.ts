import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject } from '@tweet-pipes/kit/json';
import type { Store } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import { callKinesalite } from './kinesalite-call.ts';
import { cappedReads, iteratorAtTimestamp, millisBehindLatest, type ReadTrace } from './kinesis-reads.ts';
import { recordBytes } from './kinesis-record-size.ts';
import { withoutExpiredShards } from './kinesis-shards.ts';
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

/** Operations that answer shards. */
const LISTING = new Set(['ListShards', 'DescribeStream']);

/**
 * Runs one Kinesis operation in kinesalite and adds what kinesalite lacks. Input and output are as in JSON: blobs in
 * base64, times in epoch seconds.
 */
export async function runKinesis(
  store: Store,
  clock: Clock,
  operation: string,
  named: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const input = withStreamName(named);
  if (operation === 'CreateStream') return createStream(store, input);
  if (operation === 'PutRecords') checkTotalSize(input.Records);
  if (operation === 'GetShardIterator' && input.ShardIteratorType === 'AT_TIMESTAMP') {
    return iteratorAtTimestamp(store, clock, input);
  }
  if (CHANGING.has(operation)) {
    const output = await callKinesalite(store, operation, input);
    await whenSettled(store, String(input.StreamName));
    return output;
  }
  if (LISTING.has(operation)) {
    const output = await callKinesalite(store, operation, input);
    return withoutExpiredShards(store, clock.now(), String(input.StreamName), output);
  }
  if (operation !== 'GetRecords') return callKinesalite(store, operation, input);
  const trace: ReadTrace = {};
  const output = await callKinesalite(cappedReads(store, trace), operation, withoutStreamName(input));
  // Nothing was read: kinesalite's answer at the end of a closed shard is right.
  if (trace.last === undefined) return output;
  return { ...output, MillisBehindLatest: await millisBehindLatest(store, clock, trace, lastAnswered(output)) };
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

/** Replaces a stream's ARN by its name, since kinesalite supports names only. */
function withStreamName(input: Record<string, unknown>): Record<string, unknown> {
  const { StreamARN: arn, ...rest } = input;
  if (arn === undefined || arn === null) return input;
  const name = typeof arn === 'string' ? /^arn:[\w-]+:kinesis:[\w-]*:\d*:stream\/([\w.-]+)$/.exec(arn)?.[1] : undefined;
  if (name === undefined)
    throw new AwsError('InvalidArgumentException', `StreamARN ${String(arn)} is not the ARN of a stream.`);
  if (rest.StreamName !== undefined && rest.StreamName !== name) {
    throw new AwsError('InvalidArgumentException', 'StreamARN and StreamName name different streams.');
  }
  return { ...rest, StreamName: name };
}

/** Removes the stream of a GetRecords, which its iterator identifies. */
function withoutStreamName({ StreamName: _, ...input }: Record<string, unknown>): Record<string, unknown> {
  return input;
}

async function createStream(store: Store, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { StreamModeDetails: details, Tags: tags, ...rest } = input;
  const mode = isJsonObject(details) ? details.StreamMode : 'PROVISIONED';
  if (mode !== 'ON_DEMAND' && mode !== 'PROVISIONED') {
    throw new AwsError('ValidationException', `StreamMode must be ON_DEMAND or PROVISIONED, not ${String(mode)}.`);
  }
  if (mode === 'ON_DEMAND' && rest.ShardCount !== undefined) {
    throw new AwsError('ValidationException', 'ShardCount must not be given for an ON_DEMAND stream.');
  }
  await callKinesalite(store, 'CreateStream', mode === 'ON_DEMAND' ? { ...rest, ShardCount: ON_DEMAND_SHARDS } : rest);
  const streamName = String(rest.StreamName);
  await whenSettled(store, streamName);
  await setMode(store, streamName, mode);
  if (isJsonObject(tags)) await callKinesalite(store, 'AddTagsToStream', { StreamName: streamName, Tags: tags });
  return {};
}

/** Uses the stream's lock, since a concurrent PutRecord changes the entry too. */
function setMode(store: Store, streamName: string, mode: string): Promise<void> {
  return new Promise((resolve, reject) => {
    store.metaDb.lock(streamName, (release) => {
      const change = async (): Promise<void> => {
        const stream = await store.metaDb.get(streamName);
        await store.metaDb.put(streamName, { ...stream, StreamModeDetails: { StreamMode: mode } });
      };
      change().then(release(resolve), (error) => release(() => reject(error))());
    });
  });
}

function lastAnswered(output: Record<string, unknown>): { sequenceNumber: string; arrivalSeconds: number } | undefined {
  const last: unknown = Array.isArray(output.Records) ? output.Records.at(-1) : undefined;
  if (!isJsonObject(last)) return undefined;
  const { SequenceNumber: sequenceNumber, ApproximateArrivalTimestamp: arrivalSeconds } = last;
  if (typeof sequenceNumber !== 'string' || typeof arrivalSeconds !== 'number') return undefined;
  return { sequenceNumber, arrivalSeconds };
}
