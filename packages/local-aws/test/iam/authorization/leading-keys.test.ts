import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { createAccessControl } from '../../../src/iam/access-store.ts';
import { createAccessIntercept } from '../../../src/iam/authorization/access-intercept.ts';
import { withPartitionKeys } from '../../../src/iam/authorization/leading-keys.ts';
import { allRows, askedOf, questionsOf } from '../../../src/iam/authorization/questions.ts';
import { roleKey } from '../../../src/iam/caller.ts';
import { wireRequest } from './requests.ts';

const endpoint = { region: 'us-east-1', accountId: '000000000000' };
const rows = allRows({ execution: () => undefined, namedQuery: () => undefined });
/** Of the table T and its index byDay, as DescribeTable tells. */
const keys = new Map([
  ['', 'id'],
  ['byDay', 'day'],
]);
const item = (id: string) => ({ id: { S: id }, day: { N: '7' } });

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
it.each<{ operation: string; input: object; leading: (string[] | undefined)[] }>([
  { operation: 'GetItem', input: { TableName: 'T', Key: item('a') }, leading: [['a']] },
  { operation: 'PutItem', input: { Item: item('a'), TableName: 'T' }, leading: [['a']] },
  { operation: 'GetItem', input: { TableName: 'U', Key: item('a') }, leading: [undefined] },
  { operation: 'Scan', input: { TableName: 'T' }, leading: [undefined] },
  {
    operation: 'Query',
    input: {
      TableName: 'T',
      KeyConditionExpression: '#k = :a AND size > :b',
      ExpressionAttributeNames: { '#k': 'id' },
      ExpressionAttributeValues: { ':a': { S: 'a' }, ':b': { N: '1' } },
    },
    leading: [['a']],
  },
  {
    operation: 'Query',
    input: {
      ...{ TableName: 'T', IndexName: 'byDay' },
      KeyConditions: { day: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '7' }] } },
    },
    leading: [['7']],
  },
  {
    operation: 'BatchGetItem',
    input: { RequestItems: { T: { Keys: [item('a'), item('b')] }, U: { Keys: [item('c')] } } },
    leading: [['a', 'b'], undefined],
  },
  {
    operation: 'BatchWriteItem',
    input: { RequestItems: { T: [{ PutRequest: { Item: item('a') } }, { DeleteRequest: { Key: item('b') } }] } },
    leading: [['a', 'b']],
  },
  {
    operation: 'TransactWriteItems',
    input: {
      TransactItems: [
        { Put: { TableName: 'T', Item: item('a') } },
        { Delete: { TableName: 'T', Key: item('b') } },
        { Put: { TableName: 'T', Item: item('c') } },
      ],
    },
    leading: [['a', 'c'], ['b']],
  },
])('$operation of $input has the leading keys $leading', async ({ operation, input, leading }) => {
  const call = { service: 'dynamodb', operation, request: wireRequest({ json: input }) };
  const asked = await withPartitionKeys(askedOf(call, endpoint), async (table) => (table === 'T' ? keys : new Map()));
  const questions = questionsOf(rows, 'dynamodb', asked);
  expect(questions?.map(({ context }) => context?.['dynamodb:LeadingKeys'])).toEqual(leading);
});

/** What the intercept answers to a role, and the tables whose keys it read. */
async function ask(condition: JsonObject, key: string): Promise<{ isAllowed: boolean; read: string[] }> {
  const access = createAccessControl({ ...endpoint, clock: new ManualClock() });
  access.putRole({
    ...{ name: 'R', arn: 'arn:aws:iam::000000000000:role/R', trust: { Statement: [] }, managed: [] },
    inline: [
      {
        name: 'Own',
        document: { Statement: { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*', Condition: condition } },
      },
    ],
  });
  const read: string[] = [];
  const partitionKeys = async (table: string) => {
    read.push(table);
    return keys;
  };
  const intercept = createAccessIntercept({ ...{ access, rows, partitionKeys }, ...endpoint });
  const context = { ...endpoint, requestId: 'id', accessKeyId: roleKey('R', 's', { isWorker: true }) };
  const request = wireRequest({ json: { TableName: 'T', Key: item(key) } });
  const answer = { statusCode: 200, headers: {}, body: Buffer.alloc(0) };
  const call = { service: 'dynamodb', operation: 'GetItem', request, context };
  const isAllowed = await intercept(call, async () => answer).then(
    () => true,
    () => false,
  );
  return { isAllowed, read };
}

it.each([
  [{ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'a' } }, 'a', true],
  [{ 'ForAllValues:StringEquals': { 'DynamoDB:leadingkeys': 'a' } }, 'b', false],
  [{ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'a*' } }, 'ab', true],
])('a policy with the condition %j decides about the item %s', async (condition, key, isAllowed) => {
  expect(await ask(condition, key)).toEqual({ isAllowed, read: ['T'] });
});

it('reads no schema unless a policy asks for leading keys', async () => {
  expect(await ask({ Bool: { 'aws:SecureTransport': 'true' } }, 'a')).toEqual({ isAllowed: true, read: [] });
});
