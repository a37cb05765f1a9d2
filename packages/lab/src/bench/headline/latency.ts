import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type Measurements, percentile } from '../measurements.ts';
import { type RecordForm, tweetsForShards } from '../records.ts';
import type { BenchStack } from '../stack.ts';

/** 50 records a second for 12 seconds, in calls of ten; one of each call is a probe. */
const [callsPerSecond, recordsPerCall, seconds] = [5, 10, 12];
/** Resolution of the time at which a counter appears, and its maximum; milliseconds. */
const [pollMs, latestMs] = [10, 30_000];

/**
 * Puts records at a steady rate, and in each call a probe with a unique hashtag; times each probe from its call until
 * its counter can be read.
 */
export async function measureLatency(
  stack: BenchStack,
  { label, form }: { label: string; form: RecordForm },
  results: Measurements,
  signal: AbortSignal,
): Promise<void> {
  const { clients, outputs } = stack;
  const calls = callsPerSecond * seconds;
  const seed = form === 'raw' ? 9_998 : 9_999;
  const others = await tweetsForShards({ form, seed, shards: 1, perShard: calls * recordsPerCall });
  const latencies: Promise<number>[] = [];
  const startMs = performance.now();
  for (let call = 0; call < calls; call += 1) {
    const id = `9${String(Date.now())}${call}`;
    const hashtag = `probe${id}`;
    const probe = { id_str: id, text: `#${hashtag}`, entities: { hashtags: [{ text: hashtag }] } };
    const Records = others
      .slice(call * recordsPerCall, (call + 1) * recordsPerCall - 1)
      .map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
    Records.push({ PartitionKey: id, Data: Buffer.from(JSON.stringify(probe)) });
    const putMs = performance.now();
    await clients.kinesis.send(new PutRecordsCommand({ StreamName: outputs.TweetStreamName, Records }));
    latencies.push(visible(stack, hashtag, putMs, signal));
    const nextMs = startMs + ((call + 1) * 1000) / callsPerSecond;
    await sleep(Math.max(0, nextMs - performance.now()));
    signal.throwIfAborted();
  }
  const measured = await Promise.all(latencies);
  results.add(`latency p50, ${label}, ${form}`, 'ms', percentile(measured, 0.5));
  results.add(`latency p99, ${label}, ${form}`, 'ms', percentile(measured, 0.99));
}

async function visible({ clients, outputs }: BenchStack, hashtag: string, putMs: number, signal: AbortSignal) {
  const read = new GetItemCommand({ TableName: outputs.HashtagTableName, Key: { hashtag: { S: hashtag } } });
  for (;;) {
    const { Item } = await clients.dynamodb.send(read);
    const milliseconds = performance.now() - putMs;
    if (Item !== undefined) return milliseconds;
    if (milliseconds > latestMs) throw new Error(`The counter of a probe was not there after ${latestMs / 1000} s.`);
    signal.throwIfAborted();
    await sleep(pollMs);
  }
}
