import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { recordBytes } from '../engines/kinesis-record-size.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Call, Intercept } from '../gateway/wire.ts';
import { jsonBody, withBody } from './json-body.ts';
import { ShardMap } from './shard-map.ts';
import { TokenBucket } from './token-bucket.ts';

export interface KinesisLimitsOptions {
  clock: Clock;
  /** Per shard, partition keys included. */
  bytesPerSecond: number;
  recordsPerSecond: number;
  /** Called with the number of refused records of a call. */
  onThrottle(records: number): void;
}

/**
 * Refuses records beyond the limits of their shard, in PutRecords each on its own, as AWS does. A stream is limited
 * from the first ListShards call on, which its pipe makes.
 */
export function kinesisLimits(options: KinesisLimitsOptions): Intercept {
  const { clock, bytesPerSecond, recordsPerSecond, onThrottle } = options;
  const shards = new ShardMap();
  const buckets = new Map<string, { bytes: TokenBucket; records: TokenBucket }>();

  /** The shard that refuses the record, or undefined. */
  const refusedBy = (input: JsonObject, record: JsonObject): string | undefined => {
    const shard = shards.shardOf(input, record);
    if (shard === undefined) return undefined;
    const nowMs = clock.now();
    const of = buckets.get(shard) ?? {
      bytes: new TokenBucket(bytesPerSecond, nowMs),
      records: new TokenBucket(recordsPerSecond, nowMs),
    };
    buckets.set(shard, of);
    if (of.records.level(nowMs) < 1 || !of.bytes.tryTake(recordBytes(record), nowMs)) return shard;
    of.records.take(1, nowMs);
    return undefined;
  };

  return async (call, forward) => {
    const input = jsonBody(call.request.body);
    if (input === undefined) return forward();
    switch (call.operation) {
      case 'ListShards': {
        const response = await forward();
        shards.learn(input, jsonBody(response.body) ?? {});
        return response;
      }
      case 'PutRecord': {
        const shard = refusedBy(input, input);
        if (shard === undefined) return forward();
        onThrottle(1);
        throw new AwsError('ProvisionedThroughputExceededException', message(shard, call));
      }
      case 'PutRecords': {
        const records = Array.isArray(input.Records) ? input.Records : [];
        const refusals = records.map((record) => (isJsonObject(record) ? refusedBy(input, record) : undefined));
        const refused = refusals.filter((shard) => shard !== undefined).length;
        if (refused === 0) return forward();
        onThrottle(refused);
        return putRest(call, input, refusals, forward);
      }
      default:
        return forward();
    }
  };
}

async function putRest(
  call: Call,
  input: JsonObject,
  refusals: readonly (string | undefined)[],
  forward: Parameters<Intercept>[1],
) {
  const records = Array.isArray(input.Records) ? input.Records : [];
  const taken = records.filter((_, index) => refusals[index] === undefined);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': call.context.requestId };
  const response =
    taken.length === 0
      ? { statusCode: 200, headers, body: Buffer.from('{}') }
      : await forward(withBody(call.request, { ...input, Records: taken }));
  const output = response.statusCode === 200 ? jsonBody(response.body) : undefined;
  if (output === undefined) return response;
  const rest = Array.isArray(output.Records) ? [...output.Records] : [];
  const Records = refusals.map((shard) =>
    shard === undefined
      ? (rest.shift() ?? {})
      : { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: message(shard, call) },
  );
  const failed = Number(output.FailedRecordCount ?? 0) + refusals.filter((shard) => shard !== undefined).length;
  return { ...response, body: Buffer.from(JSON.stringify({ ...output, FailedRecordCount: failed, Records })) };
}

/** Message from https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html. */
function message(shard: string, { context }: Call): string {
  const [stream, shardId] = shard.split(' ');
  return `Rate exceeded for shard ${shardId} in stream ${stream} under account ${context.accountId}.`;
}
