import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandInput,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Json, JsonObject } from '../../json.ts';
import { StateError } from '../errors.ts';
import type { Integration } from './integration.ts';
import { rememberHeaders, responseMetadata, whereHeadersAre } from './response-metadata.ts';
import { sdkAnswer } from './sdk-json.ts';
import { type ErrorNaming, taskError } from './service-errors.ts';

const OPTIMIZED: ErrorNaming = {
  prefix: 'DynamoDB',
  unmodelled: 'AmazonDynamoDBException',
  service: 'AmazonDynamoDBv2',
  sdk: 'java-1',
};
const SDK: ErrorNaming = { prefix: 'DynamoDb', unmodelled: 'DynamoDbException', service: 'DynamoDb', sdk: 'java-2' };

interface Answer {
  $metadata: { httpStatusCode?: number; requestId?: string };
}
type Send = (client: DynamoDBClient, input: JsonObject, abortSignal: AbortSignal) => Promise<Answer>;

// The shape of each input is judged by DynamoDB itself, as on AWS; only the names of its members are known here.
const getItem: Send = (client, input, abortSignal) =>
  client.send(new GetItemCommand(input as unknown as GetItemCommandInput), { abortSignal });
const putItem: Send = (client, input, abortSignal) =>
  client.send(new PutItemCommand(input as unknown as PutItemCommandInput), { abortSignal });
const updateItem: Send = (client, input, abortSignal) =>
  client.send(new UpdateItemCommand(input as unknown as UpdateItemCommandInput), { abortSignal });
const deleteItem: Send = (client, input, abortSignal) =>
  client.send(new DeleteItemCommand(input as unknown as DeleteItemCommandInput), { abortSignal });
const query: Send = (client, input, abortSignal) =>
  client.send(new QueryCommand(input as unknown as QueryCommandInput), { abortSignal });
const batchGetItem: Send = (client, input, abortSignal) =>
  client.send(new BatchGetItemCommand(input as unknown as BatchGetItemCommandInput), { abortSignal });
const batchExecuteStatement: Send = (client, input, abortSignal) =>
  client.send(new BatchExecuteStatementCommand(input as unknown as BatchExecuteStatementCommandInput), { abortSignal });
const transactWriteItems: Send = (client, input, abortSignal) =>
  client.send(new TransactWriteItemsCommand(input as unknown as TransactWriteItemsCommandInput), { abortSignal });

const GET_ITEM = [
  'TableName',
  'Key',
  'AttributesToGet',
  'ConsistentRead',
  'ReturnConsumedCapacity',
  'ProjectionExpression',
  'ExpressionAttributeNames',
] satisfies (keyof GetItemCommandInput)[];
const CONDITIONAL_WRITE = [
  'TableName',
  'Expected',
  'ConditionalOperator',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValuesOnConditionCheckFailure',
] satisfies (keyof PutItemCommandInput & keyof UpdateItemCommandInput & keyof DeleteItemCommandInput)[];
const PUT_ITEM = [...CONDITIONAL_WRITE, 'Item'] satisfies (keyof PutItemCommandInput)[];
const UPDATE_ITEM = [
  ...CONDITIONAL_WRITE,
  'Key',
  'AttributeUpdates',
  'UpdateExpression',
] satisfies (keyof UpdateItemCommandInput)[];
const DELETE_ITEM = [...CONDITIONAL_WRITE, 'Key'] satisfies (keyof DeleteItemCommandInput)[];
const QUERY = [
  'TableName',
  'IndexName',
  'Select',
  'AttributesToGet',
  'Limit',
  'ConsistentRead',
  'KeyConditions',
  'QueryFilter',
  'ConditionalOperator',
  'ScanIndexForward',
  'ExclusiveStartKey',
  'ReturnConsumedCapacity',
  'ProjectionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
] satisfies (keyof QueryCommandInput)[];
const BATCH_GET_ITEM = ['RequestItems', 'ReturnConsumedCapacity'] satisfies (keyof BatchGetItemCommandInput)[];
const BATCH_EXECUTE_STATEMENT = [
  'Statements',
  'ReturnConsumedCapacity',
] satisfies (keyof BatchExecuteStatementCommandInput)[];
const TRANSACT_WRITE_ITEMS = [
  'TransactItems',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ClientRequestToken',
] satisfies (keyof TransactWriteItemsCommandInput)[];

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html} */
export const dynamodbIntegrations: readonly Integration[] = [
  optimized('getItem', GET_ITEM, getItem),
  optimized('putItem', PUT_ITEM, putItem),
  optimized('updateItem', UPDATE_ITEM, updateItem),
  optimized('deleteItem', DELETE_ITEM, deleteItem),
  sdk('getItem', GET_ITEM, getItem),
  sdk('putItem', PUT_ITEM, putItem),
  sdk('updateItem', UPDATE_ITEM, updateItem),
  sdk('deleteItem', DELETE_ITEM, deleteItem),
  sdk('query', QUERY, query),
  sdk('batchGetItem', BATCH_GET_ITEM, batchGetItem),
  sdk('batchExecuteStatement', BATCH_EXECUTE_STATEMENT, batchExecuteStatement),
  sdk('transactWriteItems', TRANSACT_WRITE_ITEMS, transactWriteItems),
];

function optimized(action: string, argumentNames: readonly string[], send: Send): Integration {
  return {
    resource: `arn:aws:states:::dynamodb:${action}`,
    resourceType: 'dynamodb',
    action,
    argumentNames: new Set(argumentNames),
    async call(clients, input, signal) {
      clients.dynamodb.middlewareStack.add(rememberHeaders, whereHeadersAre);
      const answer = await calling(send, clients.dynamodb, input, signal, OPTIMIZED);
      return { ...sdkAnswer(answer), ...responseMetadata(answer.$metadata) };
    },
  };
}

function sdk(action: string, argumentNames: readonly string[], send: Send): Integration {
  return {
    resource: `arn:aws:states:::aws-sdk:dynamodb:${action}`,
    resourceType: 'aws-sdk:dynamodb',
    action,
    argumentNames: new Set(argumentNames),
    async call(clients, input, signal) {
      return sdkAnswer(await calling(send, clients.dynamodb, input, signal, SDK));
    },
  };
}

async function calling(
  send: Send,
  client: DynamoDBClient,
  input: JsonObject,
  signal: AbortSignal,
  naming: ErrorNaming,
): Promise<Answer> {
  if (holdsBinary(input)) {
    throw new StateError(
      'States.Runtime',
      'Binary attribute values (B, BS) are not supported by the local runtime in the arguments of a task.',
    );
  }
  try {
    return await send(client, input, signal);
  } catch (error) {
    throw taskError(error, naming, DynamoDBServiceException);
  }
}

/** How AWS reads a JSON string as bytes is not documented, so such an attribute is refused rather than guessed. */
function holdsBinary(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsBinary);
  const keys = Object.keys(value);
  if (keys.length === 1 && (typeof value.B === 'string' || isStrings(value.BS))) return true;
  return keys.some((key) => holdsBinary(value[key]));
}

function isStrings(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
