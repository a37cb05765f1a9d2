import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { kinesisStream } from '../../../src/assembly/resources/kinesis-stream.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { clientsThatLose, ResourceFixture } from './resource-fixture.ts';

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint();
});
afterAll(() => aws.stop());

let streams = 0;
function stream() {
  streams += 1;
  const StreamName = `stream-${streams}`;
  const { kinesis } = aws.clients;
  return Object.assign(new ResourceFixture(kinesisStream, StreamName, aws.clients), {
    summary: async () =>
      (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary,
    put: () => kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from('kept') })),
    /** Texts in the first shard. */
    async texts() {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({
          ...{ StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
        }),
      );
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      return Records.map(({ Data }) => Buffer.from(Data ?? []).toString());
    },
  });
}

const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

describe('AWS::Kinesis::Stream', () => {
  it.each<[string, JsonObject, object]>([
    ['as CloudFormation has by default', {}, { OpenShardCount: 1, RetentionPeriodHours: 24 }],
    ['of two shards', { ShardCount: '2' }, { OpenShardCount: 2 }],
    ['on demand', ON_DEMAND, { OpenShardCount: 2, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }],
  ])('is created %s', async (_what, properties, summary) => {
    const mine = stream();
    const created = await mine.create(properties);
    expect(await mine.summary()).toMatchObject(summary);
    expect(await mine.create(properties)).toEqual(created);
  });

  it('is created also when the answer to its creation is lost', async () => {
    const clients = clientsThatLose('CreateStreamCommand', aws.endpoint);
    expect(await new ResourceFixture(kinesisStream, 'lost', clients).create({})).toMatchObject({ ref: 'lost' });
    clients.destroy();
  });

  it.each<[string, JsonObject, JsonObject, object]>([
    ['more shards', { ShardCount: 1 }, { ShardCount: 2 }, { OpenShardCount: 2 }],
    ['a longer retention', {}, { RetentionPeriodHours: 48 }, { RetentionPeriodHours: 48 }],
    ['the retention by default', { RetentionPeriodHours: 48 }, {}, { RetentionPeriodHours: 24 }],
    [
      'the mode on demand, with the shards that it has',
      { ShardCount: 1 },
      ON_DEMAND,
      { OpenShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
    ],
    [
      'provisioned shards',
      ON_DEMAND,
      { ShardCount: 3 },
      { OpenShardCount: 3, StreamModeDetails: { StreamMode: 'PROVISIONED' } },
    ],
  ])('gets %s in place, with its records', async (_what, before, after, summary) => {
    const mine = stream();
    await mine.create({ ...before });
    await mine.put();
    await mine.put();
    const held = await mine.texts();
    await mine.update(after);
    expect(await mine.summary()).toMatchObject(summary);
    expect(await mine.texts()).toEqual(held);
  });

  it('refuses more than double the shards as AWS does', async () => {
    const mine = stream();
    await mine.create({ ShardCount: 1 });
    await expect(mine.update({ ShardCount: 3 })).rejects.toThrow('cannot scale up over double');
  });

  it('is deleted with its consumers, and gone already is no error', async () => {
    const mine = stream();
    const { attributes } = await mine.create({});
    await aws.clients.kinesis.send(
      new RegisterStreamConsumerCommand({ StreamARN: attributes.Arn, ConsumerName: 'reader' }),
    );
    expect(await mine.exists()).toBe(true);
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
  });
});

it("a customer's key of a stream follows its property", async () => {
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/encrypted';
  const keyOf = (id: string) => ({ arn: `arn:aws:kms:us-east-1:000000000000:key/${id}`, isBucketKey: false });
  const encrypted = (KeyId: string) => ({ StreamEncryption: { EncryptionType: 'KMS', KeyId } });
  const mine = new ResourceFixture(kinesisStream, 'encrypted', aws.clients);
  const keys = await mine.keysOf(arn, encrypted('a'), encrypted(keyOf('b').arn), encrypted('alias/aws/kinesis'));
  expect(keys).toEqual([keyOf('a'), keyOf('b'), undefined, keyOf('a'), undefined]);
});
