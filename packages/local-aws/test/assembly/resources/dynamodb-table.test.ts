import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { dynamodbGlobalTable } from '../../../src/assembly/resources/dynamodb-global-table.ts';
import { dynamodbTable } from '../../../src/assembly/resources/dynamodb-table.ts';
import { startTestEndpoint, type TestEndpoint } from '../../gateway/test-endpoint.ts';
import { clientsThatLose, ResourceFixture } from './resource-fixture.ts';

const onDemand = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const byColour = {
  IndexName: 'byColour',
  KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};
const bySize = { ...byColour, IndexName: 'bySize', KeySchema: [{ AttributeName: 'size', KeyType: 'HASH' }] };
const indexed = (...GlobalSecondaryIndexes: (typeof byColour)[]) => ({
  ...onDemand,
  AttributeDefinitions: [
    ...onDemand.AttributeDefinitions,
    ...GlobalSecondaryIndexes.flatMap(({ KeySchema: [key] }) => ({ ...key, AttributeType: 'S', KeyType: undefined })),
  ].map(({ AttributeName = '', AttributeType }) => ({ AttributeName, AttributeType })),
  GlobalSecondaryIndexes,
});

let aws: TestEndpoint;
beforeAll(async () => {
  aws = await startTestEndpoint();
});
afterAll(() => aws.stop());

let tables = 0;
function table(type = dynamodbTable) {
  tables += 1;
  const name = `table-${tables}`;
  const { dynamodb, dynamodbStreams } = aws.clients;
  return Object.assign(new ResourceFixture(type, name, aws.clients), {
    describe: async () => (await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table,
    put: (id: string) =>
      dynamodb.send(
        new PutItemCommand({ TableName: name, Item: { id: { S: id }, colour: { S: 'red' }, size: { S: 'L' } } }),
      ),
    ids: async () =>
      ((await dynamodb.send(new ScanCommand({ TableName: name }))).Items ?? []).map(({ id }) => id?.S).sort(),
    red: async () =>
      (
        await dynamodb.send(
          new QueryCommand({
            TableName: name,
            IndexName: 'byColour',
            KeyConditionExpression: 'colour = :red',
            ExpressionAttributeValues: { ':red': { S: 'red' } },
          }),
        )
      ).Count,
    timeToLive: async () =>
      (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }))).TimeToLiveDescription?.AttributeName,
    /** Ids in the records of a stream. */
    async recorded(StreamArn: string | undefined) {
      const { StreamDescription } = await dynamodbStreams.send(new DescribeStreamCommand({ StreamArn }));
      const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
      const { ShardIterator } = await dynamodbStreams.send(
        new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await dynamodbStreams.send(new GetRecordsCommand({ ShardIterator }));
      return Records.map(({ dynamodb: record }) => record?.Keys?.id?.S);
    },
  });
}

const stream = (StreamViewType: string) => ({ ...onDemand, StreamSpecification: { StreamViewType } });

describe('AWS::DynamoDB::Table', () => {
  it('keeps items, and what is the same, when it is created again as at a start', async () => {
    const mine = table();
    const created = await mine.create(stream('NEW_IMAGE'));
    await mine.put('a');
    expect(await mine.create(stream('NEW_IMAGE'))).toEqual(created);
    expect(await mine.ids()).toEqual(['a']);
  });

  it('is created also when the answer to its creation is lost', async () => {
    const clients = clientsThatLose('CreateTableCommand', aws.endpoint);
    expect(await new ResourceFixture(dynamodbTable, 'lost', clients).create(onDemand)).toMatchObject({ ref: 'lost' });
    clients.destroy();
  });

  // What an update sets, and what DescribeTable says then. Items survive each.
  it.each<[string, JsonObject, JsonObject, object]>([
    [
      'to provisioned capacity',
      onDemand,
      {
        ...onDemand,
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: '3', WriteCapacityUnits: 2 },
      },
      { ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 } },
    ],
    [
      // The default of CloudFormation is PROVISIONED.
      'to capacity on demand',
      { ...onDemand, BillingMode: undefined, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      onDemand,
      { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } },
    ],
    [
      'to other provisioned capacity',
      { ...onDemand, BillingMode: undefined, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      { ...onDemand, BillingMode: undefined, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 9 } },
      { ProvisionedThroughput: { WriteCapacityUnits: 9 } },
    ],
    [
      'with protection',
      onDemand,
      { ...onDemand, DeletionProtectionEnabled: 'true' },
      { DeletionProtectionEnabled: true },
    ],
    [
      'without protection',
      { ...onDemand, DeletionProtectionEnabled: true },
      onDemand,
      { DeletionProtectionEnabled: false },
    ],
    ['with a stream', onDemand, stream('NEW_IMAGE'), { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }],
    [
      'with another index',
      indexed(bySize),
      indexed(bySize, byColour),
      { GlobalSecondaryIndexes: [{ IndexName: 'bySize' }, { IndexName: 'byColour' }] },
    ],
    [
      'with an index less',
      indexed(byColour, bySize),
      indexed(byColour),
      { GlobalSecondaryIndexes: [{ IndexName: 'byColour' }] },
    ],
  ])('changes in place: %s', async (_change, before, after, described) => {
    const mine = table();
    await mine.create(before);
    await mine.put('a');
    await mine.update(after);
    expect(await mine.describe()).toMatchObject(described);
    expect(await mine.ids()).toEqual(['a']);
  });

  it('finds items by an index that was added after them', async () => {
    const mine = table();
    await mine.create(onDemand);
    await mine.put('a');
    await mine.update(indexed(byColour));
    expect(await mine.red()).toBe(1);
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
  it.each<[string, JsonObject, JsonObject, string]>([
    ['two new indexes', onDemand, indexed(byColour, bySize), 'more than one GSI creation or deletion'],
    ['an index in place of another', indexed(byColour), indexed(bySize), 'more than one GSI creation or deletion'],
    [
      'another projection of an index',
      indexed(byColour),
      indexed({ ...byColour, Projection: { ProjectionType: 'KEYS_ONLY' } }),
      'You can create a new GSI with a different name',
    ],
    [
      'another TTL attribute',
      { ...onDemand, TimeToLiveSpecification: { AttributeName: 'a', Enabled: true } },
      { ...onDemand, TimeToLiveSpecification: { AttributeName: 'b', Enabled: true } },
      'current AttributeName is a. Leave TimeToLiveSpecification out in one update',
    ],
  ])('refuses as AWS does: %s', async (_change, before, after, message) => {
    const mine = table();
    await mine.create(before);
    await expect(mine.update(after)).rejects.toThrow(message);
  });

  it('turns TTL on and off', async () => {
    const mine = table();
    await mine.create(onDemand);
    await mine.update({ ...onDemand, TimeToLiveSpecification: { AttributeName: 'a', Enabled: 'true' } });
    expect(await mine.timeToLive()).toBe('a');
    await mine.update({ ...onDemand, TimeToLiveSpecification: { AttributeName: 'a', Enabled: false } });
    await mine.update({ ...onDemand, TimeToLiveSpecification: { AttributeName: 'b', Enabled: true } });
    expect(await mine.timeToLive()).toBe('b');
  });

  it('replaces the stream for another view: it has another ARN and none of the old records', async () => {
    const mine = table();
    const before = await mine.create(stream('NEW_IMAGE'));
    await mine.put('old');
    const after = await mine.update(stream('KEYS_ONLY'));
    await mine.put('new');
    expect(after.attributes.StreamArn).not.toBe(before.attributes.StreamArn);
    expect(await mine.recorded(after.attributes.StreamArn)).toEqual(['new']);
  });

  it('has no stream once the template has none', async () => {
    const mine = table();
    await mine.create(stream('NEW_IMAGE'));
    expect((await mine.update(onDemand)).attributes).not.toHaveProperty('StreamArn');
    expect(await mine.describe()).not.toHaveProperty('LatestStreamArn');
  });

  it('has no records of a deleted table of the same name', async () => {
    const mine = table();
    await mine.create(stream('NEW_IMAGE'));
    await mine.put('old');
    await mine.delete();
    const { attributes } = await mine.create(stream('NEW_IMAGE'));
    await mine.put('new');
    expect(await mine.recorded(attributes.StreamArn)).toEqual(['new']);
  });

  it('is deleted with its items, and gone already is no error', async () => {
    const mine = table();
    await mine.create(onDemand);
    await mine.put('a');
    expect(await mine.exists()).toBe(true);
    await mine.delete();
    expect(await mine.exists()).toBe(false);
    await mine.delete();
    await mine.create(onDemand);
    expect(await mine.ids()).toEqual([]);
  });

  it('is not deleted while it is protected', async () => {
    const mine = table();
    await mine.create({ ...onDemand, DeletionProtectionEnabled: true });
    await expect(mine.delete()).rejects.toThrow('protected against deletion');
    expect(await mine.exists()).toBe(true);
  });

  it.each<[string, JsonObject, string]>([
    [
      'another key',
      { ...onDemand, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] },
      'its key is HASH id (S)',
    ],
    [
      'a local index',
      {
        ...onDemand,
        LocalSecondaryIndexes: [
          {
            IndexName: 'local',
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
      'its local secondary indexes are not those',
    ],
  ])('is not taken over with %s', async (_difference, properties, message) => {
    const mine = table();
    await mine.create(onDemand);
    await expect(mine.create(properties)).rejects.toThrow(message);
  });

  it('has local indexes', async () => {
    const mine = table();
    const properties = {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'at', 'size'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [...onDemand.KeySchema, { AttributeName: 'at', KeyType: 'RANGE' }],
      LocalSecondaryIndexes: [
        {
          IndexName: 'bySize',
          KeySchema: [...onDemand.KeySchema, { AttributeName: 'size', KeyType: 'RANGE' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['colour'] },
        },
      ],
    };
    await mine.create(properties);
    await mine.create(properties);
    expect(await mine.describe()).toMatchObject({ LocalSecondaryIndexes: [{ IndexName: 'bySize' }] });
  });

  it('says what provisioned throughput does here', () => {
    expect(dynamodbTable.standIns({ BillingMode: 'PAY_PER_REQUEST' })).toEqual({});
    expect(dynamodbTable.standIns({})).toEqual({
      'provisioned throughput': 'it is described, and nothing is throttled',
    });
  });
});

// As the CDK writes for a TableV2.
describe('AWS::DynamoDB::GlobalTable', () => {
  const { BillingMode: _, ...keys } = onDemand;
  const capacity = { WriteCapacityAutoScalingSettings: { MinCapacity: 1, MaxCapacity: 10 } };
  const replica = { Region: 'us-east-1', ReadProvisionedThroughputSettings: { ReadCapacityUnits: 5 } };
  const given = { ...keys, WriteProvisionedThroughputSettings: capacity, Replicas: [replica] };

  it('is a table of the one region, and changes in place', async () => {
    const mine = table(dynamodbGlobalTable);
    await mine.create(given);
    await mine.put('a');
    const after = {
      ...{ ...given, StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
      Replicas: [{ ...replica, DeletionProtectionEnabled: true }],
    };
    expect((await mine.update(after)).attributes).toHaveProperty('StreamArn');
    expect(await mine.describe()).toMatchObject({ DeletionProtectionEnabled: true });
    expect(await mine.ids()).toEqual(['a']);
    await mine.update(given);
    await mine.delete();
    expect(await mine.exists()).toBe(false);
  });

  it.each<[JsonObject[], string]>([
    [[{ Region: 'us-east-1' }, { Region: 'eu-west-1' }], 'there is one region here, and so one replica'],
    [[{ Region: 'eu-west-1' }], 'A replica in eu-west-1 cannot be made'],
  ])('refuses replicas elsewhere', async (Replicas, message) => {
    await expect(table(dynamodbGlobalTable).create({ ...keys, Replicas })).rejects.toThrow(message);
  });
});

describe("a customer's key", () => {
  const keyOf = (id: string) => ({ arn: `arn:aws:kms:us-east-1:000000000000:key/${id}`, isBucketKey: false });

  it('of a table follows its property, for its indexes too', async () => {
    const encrypted = (KMSMasterKeyId: string) => ({
      ...onDemand,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId },
    });
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/encrypted/index/i';
    const mine = new ResourceFixture(dynamodbTable, 'encrypted', aws.clients);
    const keys = await mine.keysOf(arn, encrypted('a'), encrypted(keyOf('b').arn), onDemand);
    expect(keys).toEqual([keyOf('a'), keyOf('b'), undefined, keyOf('a'), undefined]);
  });

  it('of a global table is that of its replica', async () => {
    const { AttributeDefinitions, KeySchema } = onDemand;
    const replicated = (SSESpecification?: JsonObject) => ({
      ...{ AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST', SSESpecification: { SSEEnabled: true } },
      Replicas: [{ Region: 'us-east-1', ...(SSESpecification && { SSESpecification }) }],
    });
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/global';
    const mine = new ResourceFixture(dynamodbGlobalTable, 'global', aws.clients);
    const [a, b] = ['a', 'b'].map((KMSMasterKeyId) => replicated({ KMSMasterKeyId }));
    expect(await mine.keysOf(arn, a ?? {}, b ?? {}, replicated())).toEqual([
      ...[keyOf('a'), keyOf('b'), undefined, keyOf('a'), undefined],
    ]);
  });
});
