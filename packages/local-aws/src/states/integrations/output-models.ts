import {
  BatchExecuteStatement$,
  BatchGetItem$,
  DeleteItem$,
  GetItem$,
  PutItem$,
  Query$,
  TransactWriteItems$,
  UpdateItem$,
} from '@aws-sdk/client-dynamodb';
import { ListShards$ } from '@aws-sdk/client-kinesis';
import { Invoke$ } from '@aws-sdk/client-lambda';
import { GetObject$, PutObject$ } from '@aws-sdk/client-s3';
import { SendMessage$ } from '@aws-sdk/client-sqs';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import type { Integration } from './integration.ts';

/** The API models of the actions that tasks may call, as the SDK brings them. */
const operations: Readonly<Record<string, StaticOperationSchema>> = {
  'dynamodb:batchExecuteStatement': BatchExecuteStatement$,
  'dynamodb:batchGetItem': BatchGetItem$,
  'dynamodb:deleteItem': DeleteItem$,
  'dynamodb:getItem': GetItem$,
  'dynamodb:putItem': PutItem$,
  'dynamodb:query': Query$,
  'dynamodb:transactWriteItems': TransactWriteItems$,
  'dynamodb:updateItem': UpdateItem$,
  'kinesis:listShards': ListShards$,
  'lambda:invoke': Invoke$,
  's3:getObject': GetObject$,
  's3:putObject': PutObject$,
  'sqs:sendMessage': SendMessage$,
};

/** Those of a client that is loaded only where it is needed. */
async function comprehendOperations(): Promise<Readonly<Record<string, StaticOperationSchema>>> {
  const { BatchDetectSentiment$, DetectSentiment$ } = await import('@aws-sdk/client-comprehend');
  return { 'comprehend:batchDetectSentiment': BatchDetectSentiment$, 'comprehend:detectSentiment': DetectSentiment$ };
}

/** The model of what an action answers. Throws for an action that is not in the catalog. */
export async function outputModel({ resourceType, action }: Integration): Promise<NormalizedSchema> {
  const name = `${resourceType.replace('aws-sdk:', '')}:${action}`;
  const operation = operations[name] ?? (await comprehendOperations())[name];
  if (operation === undefined) throw new Error(`There is no model of ${name}.`);
  return NormalizedSchema.of(operation[5]);
}
