import { randomBytes } from 'node:crypto';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const shards = ['shardId-000000000000', 'shardId-000000000001'] as const;
const [first, second] = shards;
/** Two shards of these are 11 MB; LevelDB holds the last 4 MB in memory, where they have no size. */
const records = 2_500;
let aws: TestEndpoint;
let streams = 0;
let streamName: string;
/** Sequence numbers by shard, in order. */
let stored: Record<string, string[]>;

beforeAll(async () => {
  aws = await startTestEndpoint();
});
afterAll(() => aws.stop());

beforeEach(async () => {
  streamName = `trimmed-${streams++}`;
  stored = { [first]: [], [second]: [] };
  await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: 2 }));
  for (let from = 0; from < records; from += 250) {
    const answer = await aws.clients.kinesis.send(
      new PutRecordsCommand({
        StreamName: streamName,
        Records: Array.from({ length: 250 }, (_, index) => ({
          PartitionKey: 'k',
          ExplicitHashKey: index % 2 === 0 ? '0' : String(2n ** 128n - 1n),
          Data: randomBytes(3_300),
        })),
      }),
    );
    for (const { ShardId = '', SequenceNumber = '' } of answer.Records ?? []) stored[ShardId]?.push(SequenceNumber);
  }
});

async function left(shardId: string): Promise<string[]> {
  const { kinesis } = aws.clients;
  const found: string[] = [];
  let { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName: streamName, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  for (;;) {
    const { Records = [], NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    if (Records.length === 0) return found;
    found.push(...Records.map(({ SequenceNumber = '' }) => SequenceNumber));
    ShardIterator = NextShardIterator;
  }
}

const trim = (megabytes: number, upTo: Record<string, string | null>, keep: { from: string; to: string }[] = []) =>
  aws.kinesis.trim({ streamName, megabytes, upTo: new Map(Object.entries(upTo)), keep });
const at = (shardId: string, index: number): string => stored[shardId]?.at(index) ?? '';

describe('trimming a Kinesis stream', () => {
  it('takes the oldest of each shard, until the size is right', async () => {
    expect(await trim(1_000, { [first]: at(first, -1), [second]: at(second, -1) })).toBe(0);
    const removed = await trim(4, { [first]: at(first, -1), [second]: at(second, -1) });
    expect(removed).toBeGreaterThan(0);
    expect(removed).toBeLessThan(records);
    const remaining = await Promise.all(shards.map(left));
    expect(remaining.flat()).toHaveLength(records - removed);
    for (const [index, shardId] of shards.entries()) {
      expect(remaining[index]).toEqual(stored[shardId]?.slice(-(remaining[index]?.length ?? 0)));
      expect(remaining[index]?.length).toBeGreaterThan(0);
    }
    // Nothing is over the size any more.
    expect(await trim(4, { [first]: at(first, -1), [second]: at(second, -1) })).toBe(0);
  });

  it('leaves what is not done, what is kept, and shards that it knows nothing of', async () => {
    const keep = [{ from: at(first, 10), to: at(first, 12) }];
    expect(await trim(0, { [first]: at(first, 99) }, keep)).toBe(97);
    expect(await left(first)).toEqual([...(stored[first]?.slice(10, 13) ?? []), ...(stored[first]?.slice(100) ?? [])]);
    expect(await trim(0, { [first]: null, [second]: null })).toBe(0);
    expect(await left(second)).toEqual(stored[second]);
  });

  it('leaves a stream with a retention of more than a day alone', async () => {
    await aws.clients.kinesis.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName: streamName, RetentionPeriodHours: 25 }),
    );
    expect(await trim(0, { [first]: at(first, -1) })).toBe(0);
  });
});
