import {
  CreateStreamCommand,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Intercept } from '../../src/gateway/wire.ts';
import { kinesisLimits } from '../../src/pace/kinesis-limits.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const StreamName = 'limited';
let aws: TestEndpoint;
let clock: ManualClock;
let limits: Intercept = (_call, forward) => forward();
let refused = 0;

beforeAll(async () => {
  aws = await startTestEndpoint({ intercept: (call, forward) => limits(call, forward) });
  await aws.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await waitUntilStreamExists({ client: aws.clients.kinesis, maxWaitTime: 10, minDelay: 1 }, { StreamName });
});
afterAll(() => aws.stop());
beforeEach(() => {
  clock = new ManualClock();
  refused = 0;
  limits = kinesisLimits({
    clock,
    bytesPerSecond: 100,
    recordsPerSecond: 3,
    onThrottle: (records) => (refused += records),
  });
});

/** The first half of the hash keys is the first shard's. */
const toFirst = (bytes = 1) => ({ PartitionKey: 'k', ExplicitHashKey: '0', Data: Buffer.alloc(bytes) });
const toSecond = () => ({ PartitionKey: 'k', ExplicitHashKey: String(2n ** 128n - 1n), Data: Buffer.alloc(1) });
const learn = () => aws.clients.kinesis.send(new ListShardsCommand({ StreamName }));

it('refuses records over the limit of their shard in their places, and stores the others', async () => {
  await learn();
  const { FailedRecordCount, Records } = await aws.clients.kinesis.send(
    new PutRecordsCommand({ StreamName, Records: [toFirst(), toFirst(), toFirst(), toFirst(), toSecond()] }),
  );
  expect(FailedRecordCount).toBe(1);
  expect(Records?.map(({ ErrorCode, ShardId }) => ErrorCode ?? ShardId)).toEqual([
    ...Array.from({ length: 3 }, () => 'shardId-000000000000'),
    'ProvisionedThroughputExceededException',
    'shardId-000000000001',
  ]);
  expect(Records?.[3]?.ErrorMessage).toBe(
    `Rate exceeded for shard shardId-000000000000 in stream ${StreamName} under account 000000000000.`,
  );
  expect(refused).toBe(1);
});

it('counts bytes with partition keys, and admits records again over time', async () => {
  await learn();
  await aws.clients.kinesis.send(new PutRecordCommand({ StreamName, ...toFirst(90) }));
  const put = () => aws.clients.kinesis.send(new PutRecordCommand({ StreamName, ...toFirst(50) }));
  await expect(put()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  await clock.advance(500);
  await expect(put()).resolves.toMatchObject({ ShardId: 'shardId-000000000000' });
});

it('does not limit a stream before its first ListShards', async () => {
  const { FailedRecordCount } = await aws.clients.kinesis.send(
    new PutRecordsCommand({ StreamName, Records: Array.from({ length: 5 }, () => toFirst()) }),
  );
  expect(FailedRecordCount).toBe(0);
});
