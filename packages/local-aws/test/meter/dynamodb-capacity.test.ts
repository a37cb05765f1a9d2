import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { meterAnswer, meteredRequest } from '../../src/meter/dynamodb-capacity.ts';
import { UnitMeter } from '../../src/meter/meter.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

const TableName = 'things';
let aws: TestEndpoint;

beforeAll(async () => {
  aws = await startTestEndpoint();
  await aws.clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await put('large', 2_500);
});
afterAll(() => aws.stop());

function put(id: string, characters: number) {
  return aws.clients.dynamodb.send(
    new PutItemCommand({ TableName, Item: { id: { S: id }, text: { S: 'x'.repeat(characters) } } }),
  );
}

/** Write and read units that the calls of `work` took. */
async function taken(work: () => Promise<unknown>): Promise<{ writes: number; reads: number }> {
  const before = aws.meter.callers;
  await work();
  const after = aws.meter.callers;
  return {
    writes: after.dynamodbWriteUnits - before.dynamodbWriteUnits,
    reads: after.dynamodbReadUnits - before.dynamodbReadUnits,
  };
}

const failing = (id: string, more = {}) =>
  aws.clients.dynamodb
    .send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: 'ADD n :one',
        ConditionExpression: 'n > :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ...more,
      }),
    )
    .catch((error: unknown) => error);

it('counts the capacity that the engine reports, and answers without it', async () => {
  const answers: object[] = [];
  const count = await taken(async () => {
    answers.push(await put('a', 1_500));
    answers.push(
      await aws.clients.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } }, ConsistentRead: true })),
    );
  });
  expect(count).toEqual({ writes: 2, reads: 1 });
  for (const answer of answers) expect(answer).not.toHaveProperty('ConsumedCapacity');
});

it('leaves the capacity in an answer whose caller asked for it', async () => {
  const answer = await aws.clients.dynamodb.send(
    new GetItemCommand({ TableName, Key: { id: { S: 'large' } }, ReturnConsumedCapacity: 'TOTAL' }),
  );
  expect(answer.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 0.5 });
  expect(answer.Item?.id).toEqual({ S: 'large' });
});

it('counts capacity once when it is reported for each index', async () => {
  const count = await taken(async () => {
    const answer = await aws.clients.dynamodb.send(
      new GetItemCommand({ TableName, Key: { id: { S: 'large' } }, ReturnConsumedCapacity: 'INDEXES' }),
    );
    expect(answer.ConsumedCapacity?.Table).toBeDefined();
  });
  expect(count.reads).toBe(0.5);
});

it('counts each statement of a batch, including refused ones', async () => {
  const insert = (id: string) => ({
    Statement: `INSERT INTO "${TableName}" VALUE {'id': ?}`,
    Parameters: [{ S: id }],
  });
  const count = await taken(async () => {
    const { Responses } = await aws.clients.dynamodb.send(
      new BatchExecuteStatementCommand({ Statements: [insert('b'), insert('c')] }),
    );
    expect(Responses).toEqual([{ TableName }, { TableName }]);
    await aws.clients.dynamodb.send(new BatchExecuteStatementCommand({ Statements: [insert('c'), insert('d')] }));
  });
  expect(count.writes).toBe(4);
});

it('counts a read of a missing item', async () => {
  const read = { Keys: [{ id: { S: 'nobody' } }, { id: { S: 'nothing' } }], ConsistentRead: true };
  const count = await taken(() =>
    aws.clients.dynamodb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: read } })),
  );
  expect(count).toEqual({ writes: 0, reads: 2 });
});

it('counts a failed condition by the size of the item, which the caller does not see', async () => {
  const errors: unknown[] = [];
  const count = await taken(async () => {
    errors.push(await failing('large'), await failing('nobody'));
  });
  expect(count.writes).toBe(3 + 1);
  for (const error of errors) {
    expect(error).toHaveProperty('name', 'ConditionalCheckFailedException');
    expect(error).toHaveProperty('Item', undefined);
  }
});

it('leaves the old item to a caller that asked for it', async () => {
  const error = await failing('large', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  expect(error).toMatchObject({ Item: { id: { S: 'large' } } });
});

it('counts transactions twice, cancelled ones too', async () => {
  const transact = (ConditionExpression?: string) =>
    aws.clients.dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [{ Put: { TableName, Item: { id: { S: 't' } }, ConditionExpression } }],
      }),
    );
  expect((await taken(() => transact())).writes).toBe(2);
  const cancelled = await taken(() => transact('attribute_not_exists(id)').catch(() => {}));
  expect(cancelled.writes).toBe(2);
});

it('ignores attributes that look like capacity', async () => {
  const Item = {
    id: { S: 'ReturnConsumedCapacity' },
    ReturnConsumedCapacity: { S: '"ReturnConsumedCapacity":"NONE"' },
    ConsumedCapacity: { M: { ConsumedCapacity: { S: '"ConsumedCapacity":{"TableName":"x","CapacityUnits":9}' } } },
  };
  const count = await taken(async () => {
    await aws.clients.dynamodb.send(new PutItemCommand({ TableName, Item }));
    const { Items } = await aws.clients.dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': Item.id },
      }),
    );
    expect(Items).toEqual([Item]);
  });
  expect(count).toEqual({ writes: 1, reads: 0.5 });
});

it('finds the member at the start and at the end', () => {
  const request = { body: Buffer.from('{}'), keepsCapacity: false, isByIndex: false, dropsOldItem: false };
  const member = '"ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"t"}';
  const bodies = [`{${member}}`, `{${member},"Item":{}}`, `{"Item":{},${member}}`, `{"a":1,${member},"b":2}`];
  const meter = new UnitMeter();
  const left = bodies.map((body) =>
    meterAnswer('GetItem', request, { statusCode: 200, body: Buffer.from(body) }, meter, 'stack').toString(),
  );
  expect(left).toEqual(['{}', '{"Item":{}}', '{"Item":{}}', '{"a":1,"b":2}']);
  expect(meter.stack.dynamodbReadUnits).toBe(6);
});

it('tells whose table was used', () => {
  const of = (table: string, CapacityUnits: number) => ({ TableName: `${table}-Table`, CapacityUnits });
  const meter = new UnitMeter();
  meter.separate(['Core', 'Lake']);
  const count = (operation: string, statusCode: number, body: object, asked: object = {}) => {
    const request = { body: Buffer.from(JSON.stringify(asked)), isByIndex: false, dropsOldItem: false };
    const answer = { statusCode, body: Buffer.from(JSON.stringify(body)) };
    meterAnswer(operation, { ...request, keepsCapacity: true }, answer, meter, 'stack');
  };
  count('BatchGetItem', 200, { Responses: {}, ConsumedCapacity: [of('Core', 2), of('Lake', 0.5), of('Other', 8)] });
  count('PutItem', 400, { __type: 'ConditionalCheckFailedException' }, { TableName: 'Core-Table' });
  const cancelled = { TransactItems: [{ Put: { TableName: 'Core-Table' } }, { Delete: { TableName: 'Lake-Table' } }] };
  count('TransactWriteItems', 400, { __type: 'TransactionCanceledException' }, cancelled);
  expect(meter.byStack).toMatchObject({
    Core: { dynamodbReadUnits: 2, dynamodbWriteUnits: 3 },
    Lake: { dynamodbReadUnits: 0.5, dynamodbWriteUnits: 2 },
  });
});

it('does not change operations that consume nothing', () => {
  expect(meteredRequest('DescribeTable', Buffer.from('{"TableName":"t"}'))).toBeUndefined();
  expect(meteredRequest('GetItem', Buffer.from('{}'))?.body.toString()).toBe('{"ReturnConsumedCapacity":"TOTAL"}');
});
