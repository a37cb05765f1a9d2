import { DescribeTableCommand, type DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { unlessError } from '@tweet-pipes/kit/thrown';
import type { PartitionKeys } from './authorization/asked.ts';

/** Reads the partition keys of a table, by its name or ARN, and of its indexes. None of a table that does not exist. */
export async function readPartitionKeys(client: DynamoDBClient, TableName: string): Promise<PartitionKeys> {
  const description = client.send(new DescribeTableCommand({ TableName }));
  const { Table } = (await unlessError(description, 'ResourceNotFoundException', 'ValidationException')) ?? {};
  const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])];
  const schemas = [
    ['', Table?.KeySchema] as const,
    ...indexes.map(({ IndexName = '', KeySchema }) => [IndexName, KeySchema] as const),
  ];
  return new Map(schemas.flatMap(([name, schema]) => hashKeysOf(schema).map((key) => [name, key] as const)));
}

function hashKeysOf(schema: readonly KeySchemaElement[] = []): string[] {
  return schema.flatMap(({ KeyType, AttributeName }) =>
    KeyType === 'HASH' && AttributeName !== undefined ? [AttributeName] : [],
  );
}
