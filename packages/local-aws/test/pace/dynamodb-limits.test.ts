import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  CreateTableCommand,
  GetItemCommand,
  ThrottlingException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Intercept } from '../../src/gateway/wire.ts';
import { dynamoDbLimits } from '../../src/pace/dynamodb-limits.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';

let aws: TestEndpoint;
let clock: ManualClock;
let limits: Intercept;
let throttled: string[];
const Table = 'limited';

beforeAll(async () => {
  aws = await startTestEndpoint({ intercept: (call, forward) => limits(call, forward) });
  limits = (_call, forward) => forward();
});
afterAll(() => aws.stop());

let tables = 0;
let TableName = Table;
beforeEach(async () => {
  clock = new ManualClock();
  throttled = [];
  limits = dynamoDbLimits({
    ...{ clock, writeUnitsPerSecond: 3, readUnitsPerSecond: 2 },
    onThrottle: (kind, items) => void throttled.push(`${kind} ${items}`),
  });
  TableName = `${Table}-${tables++}`;
  await aws.clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      ...{ BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
});

const add = (id: string, options: { big?: boolean; condition?: string } = {}) =>
  aws.clients.dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName, Key: { id: { S: id } } },
      UpdateExpression: options.big ? 'ADD n :one SET big = :big' : 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' }, ...(options.big && { ':big': { S: 'x'.repeat(2_000) } }) },
      ...(options.condition && { ConditionExpression: options.condition }),
    }),
  );
const keysOf = (...ids: string[]) => ({
  RequestItems: { [TableName]: { ConsistentRead: true, Keys: ids.map((id) => ({ id: { S: id } })) } },
});
const insert = (id: string) => ({
  Statement: `INSERT INTO "${TableName}" VALUE {'id': ?, 'text': ?}`,
  Parameters: [{ S: id }, { S: 'hello' }],
});

it('throttles only the item over its limit, as AWS does in on-demand mode', async () => {
  for (let n = 0; n < 3; n += 1) await add('hot');
  const error = await add('hot').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ThrottlingException);
  expect(error).toMatchObject({
    $metadata: { httpStatusCode: 400 },
    message: expect.stringContaining('Throughput exceeds the current capacity of your table or index.'),
    throttlingReasons: [
      {
        reason: 'TableWriteKeyRangeThroughputExceeded',
        resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`,
      },
    ],
  });
  await add('cold');
  await clock.advance(334);
  await add('hot');
  expect(throttled).toEqual(['write 1']);
  const { Item } = await aws.clients.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: 'hot' } } }));
  expect(Item?.n).toEqual({ N: '4' });
});

it('charges an update by the size of the item, which the answer does not show unless it was asked for', async () => {
  expect(await add('big', { big: true })).not.toHaveProperty('ConsumedCapacity');
  // 2 units of 3; the next one is expected to cost 2 and may begin, since one is left.
  await add('big');
  await expect(add('big')).rejects.toThrow(ThrottlingException);
});

it('charges a write whose condition fails', async () => {
  for (let n = 0; n < 3; n += 1)
    await expect(add('hot', { condition: 'attribute_exists(never)' })).rejects.toThrow(
      'The conditional request failed',
    );
  await expect(add('hot')).rejects.toThrow(ThrottlingException);
});

it('answers a batch of statements with 200 and ThrottlingError in the place of each statement that is throttled', async () => {
  for (let n = 0; n < 3; n += 1) await add('hot');
  const { Responses } = await aws.clients.dynamodb.send(
    new BatchExecuteStatementCommand({ Statements: [insert('a'), insert('hot'), insert('b')] }),
  );
  expect(Responses?.map(({ Error: error }) => error?.Code)).toEqual([undefined, 'ThrottlingError', undefined]);
  expect(Responses?.[1]).toMatchObject({
    TableName,
    Error: { Message: expect.stringContaining('check if you have a hot key') },
  });
  const alone = await aws.clients.dynamodb.send(new BatchExecuteStatementCommand({ Statements: [insert('hot')] }));
  expect(alone.Responses?.map(({ Error: error }) => error?.Code)).toEqual(['ThrottlingError']);
});

it('leaves throttled keys of a BatchGetItem unprocessed, and refuses a call whose keys are all throttled', async () => {
  await add('hot');
  const read = (...ids: string[]) => aws.clients.dynamodb.send(new BatchGetItemCommand(keysOf(...ids)));
  await read('hot');
  await read('hot');
  expect(await read('hot', 'other')).toMatchObject({
    Responses: { [TableName]: [] },
    UnprocessedKeys: { [TableName]: { ConsistentRead: true, Keys: [{ id: { S: 'hot' } }] } },
  });
  await expect(read('hot')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
});

it('shows the consumed capacity of a BatchGetItem that is throttled in part only to a caller that asked for it', async () => {
  await add('hot');
  const read = (...ids: string[]) => aws.clients.dynamodb.send(new BatchGetItemCommand(keysOf(...ids)));
  await read('hot');
  await read('hot');
  const silent = await read('hot', 'other');
  expect(silent).toHaveProperty('UnprocessedKeys', { [TableName]: expect.anything() });
  expect(silent).not.toHaveProperty('ConsumedCapacity');
  const asked = await aws.clients.dynamodb.send(
    new BatchGetItemCommand({ ...keysOf('hot', 'another'), ReturnConsumedCapacity: 'TOTAL' }),
  );
  expect(asked).toHaveProperty('ConsumedCapacity', [{ TableName, CapacityUnits: 1 }]);
});

it('cancels a transaction with a throttled item, with the reason in its place', async () => {
  for (let n = 0; n < 3; n += 1) await add('hot');
  const deletion = (id: string) => ({ Delete: { TableName, Key: { id: { S: id } } } });
  const error = await aws.clients.dynamodb
    .send(new TransactWriteItemsCommand({ TransactItems: [deletion('a'), deletion('hot')] }))
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect(error).toMatchObject({ CancellationReasons: [{ Code: 'None' }, { Code: 'ThrottlingError' }] });
});
