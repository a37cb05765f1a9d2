import type {
  BatchExecuteStatementCommandInput,
  BatchGetItemCommandInput,
  DeleteItemCommandInput,
  DynamoDBClient,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { callJson, type JsonAnswer, JsonCallError } from '@tweet-pipes/kit/json-call';
import { StateError } from '../errors.ts';
import type { Integration } from './integration.ts';
import { responseMetadataOf } from './response-metadata.ts';
import { type ErrorNaming, serviceFailure, taskError } from './service-errors.ts';

const OPTIMIZED: ErrorNaming = {
  prefix: 'DynamoDB',
  unmodelled: 'AmazonDynamoDBException',
  service: 'AmazonDynamoDBv2',
  sdk: 'java-1',
};
const SDK: ErrorNaming = { prefix: 'DynamoDb', unmodelled: 'DynamoDbException', service: 'DynamoDb', sdk: 'java-2' };

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
  optimized('getItem', GET_ITEM),
  optimized('putItem', PUT_ITEM),
  optimized('updateItem', UPDATE_ITEM),
  optimized('deleteItem', DELETE_ITEM),
  sdk('getItem', GET_ITEM),
  sdk('putItem', PUT_ITEM),
  sdk('updateItem', UPDATE_ITEM),
  sdk('deleteItem', DELETE_ITEM),
  sdk('query', QUERY),
  sdk('batchGetItem', BATCH_GET_ITEM),
  sdk('batchExecuteStatement', BATCH_EXECUTE_STATEMENT),
  sdk('transactWriteItems', TRANSACT_WRITE_ITEMS),
];

function optimized(action: string, argumentNames: readonly string[]): Integration {
  return {
    resource: `arn:aws:states:::dynamodb:${action}`,
    resourceType: 'dynamodb',
    action,
    argumentNames: new Set(argumentNames),
    async call(clients, input, signal) {
      const answer = await calling(action, clients.dynamodb, input, signal, OPTIMIZED);
      return { ...answer.body, ...responseMetadataOf(answer) };
    },
  };
}

function sdk(action: string, argumentNames: readonly string[]): Integration {
  return {
    resource: `arn:aws:states:::aws-sdk:dynamodb:${action}`,
    resourceType: 'aws-sdk:dynamodb',
    action,
    argumentNames: new Set(argumentNames),
    async call(clients, input, signal) {
      return (await calling(action, clients.dynamodb, input, signal, SDK)).body;
    },
  };
}

/** Exceptions in the service's API model. Step Functions reports them by their own names. */
const modelled = new Set(
  Object.entries(dynamodb).flatMap(([name, member]) =>
    typeof member === 'function' && member.prototype instanceof dynamodb.DynamoDBServiceException ? [name] : [],
  ),
);

async function calling(
  action: string,
  client: DynamoDBClient,
  input: JsonObject,
  signal: AbortSignal,
  naming: ErrorNaming,
): Promise<JsonAnswer> {
  if (holdsBinary(input)) {
    throw new StateError(
      'States.Runtime',
      'Binary attribute values (B, BS) are not supported by the local runtime in the arguments of a task.',
    );
  }
  try {
    // DynamoDB itself validates the input, as on AWS. Only the names of its members were checked before.
    const operation = `${action[0]?.toUpperCase()}${action.slice(1)}`;
    return await callJson(client, { service: 'DynamoDB_20120810', operation }, input, signal);
  } catch (error) {
    if (error instanceof JsonCallError) throw serviceFailure(error, modelled.has(error.name), naming);
    throw taskError(error, naming, dynamodb.DynamoDBServiceException);
  }
}

/** Binary attributes are refused: how Step Functions reads a JSON string as bytes is not documented. */
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
