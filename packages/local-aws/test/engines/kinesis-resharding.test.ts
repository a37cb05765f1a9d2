import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordsCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const HASH_KEYS = 2 ** 128;

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint();
});
afterAll(() => aws.stop());

const create = (StreamName: string, ShardCount: number) =>
  aws.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
const update = (StreamName: string, TargetShardCount: number) =>
  aws.clients.kinesis.send(
    new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
  );
const put = (StreamName: string, from: number) =>
  aws.clients.kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: Array.from({ length: 20 }, (_, n) => ({ PartitionKey: `k${n}`, Data: Buffer.from(String(from + n)) })),
    }),
  );
/** The shares of the stream that its open shards have, in the order of hash keys. */
async function shares(StreamName: string): Promise<number[]> {
  const { Shards = [] } = await aws.clients.kinesis.send(
    new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
  );
  const bounds = Shards.map(({ HashKeyRange }) => ({
    start: BigInt(HashKeyRange?.StartingHashKey ?? 0),
    end: BigInt(HashKeyRange?.EndingHashKey ?? 0) + 1n,
  })).sort((a, b) => (a.start < b.start ? -1 : 1));
  expect(bounds.map(({ start }) => start)).toEqual([0n, ...bounds.slice(0, -1).map(({ end }) => end)]);
  return bounds.map(({ start, end }) => Number(end - start) / HASH_KEYS);
}
async function readAll(StreamName: string): Promise<number[]> {
  const numbers: number[] = [];
  const { Shards = [] } = await aws.clients.kinesis.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) {
    const { ShardIterator } = await aws.clients.kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await aws.clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    numbers.push(...Records.map(({ Data }) => Number(Buffer.from(Data ?? []).toString())));
  }
  return numbers.sort((a, b) => a - b);
}

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
describe('UpdateShardCount', () => {
  it.each([
    [1, 2],
    [2, 3],
    [3, 6],
    [3, 2],
    [5, 3],
    [4, 2],
    [2, 2],
  ])('makes of %i shards %i of one size, and keeps every record', async (before, after) => {
    const name = `from-${before}-to-${after}`;
    await create(name, before);
    await put(name, 0);
    expect(await update(name, after)).toMatchObject({
      StreamName: name,
      StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      CurrentShardCount: before,
      TargetShardCount: after,
    });
    await put(name, 20);
    const found = await shares(name);
    expect(found).toHaveLength(after);
    for (const share of found) expect(share).toBeCloseTo(1 / after, 12);
    expect(await readAll(name)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('can be repeated', async () => {
    await create('again', 2);
    for (const count of [4, 3, 5]) await update('again', count);
    expect(await shares('again')).toHaveLength(5);
  });

  it.each([
    [5, 'cannot scale up over double'],
    [1, 'cannot scale down below half'],
  ])('refuses to go from 4 or 2 shards to %i', async (target, message) => {
    const name = `limit-${target}`;
    await create(name, target === 1 ? 4 : 2);
    await expect(update(name, target)).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a stream on demand, and one that does not exist', async () => {
    await create('on-demand', 2);
    await aws.clients.kinesis.send(
      new UpdateStreamModeCommand({
        StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/on-demand',
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      }),
    );
    await expect(update('on-demand', 3)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update('none', 3)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
