import { DescribeTableCommand, type DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { PartitionKeys } from './authorization/asked.ts';

/** Reads the partition keys of a table, by its name or ARN, and of its indexes. None of a table that does not exist. */
export async function readPartitionKeys(client: DynamoDBClient, TableName: string): Promise<PartitionKeys> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])];
    const schemas = [
      ['', Table?.KeySchema] as const,
      ...indexes.map(({ IndexName = '', KeySchema }) => [IndexName, KeySchema] as const),
    ];
    return new Map(schemas.flatMap(([name, schema]) => hashKeysOf(schema).map((key) => [name, key] as const)));
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException') || isNamed(error, 'ValidationException')) return new Map();
    throw error;
  }
}

function hashKeysOf(schema: readonly KeySchemaElement[] = []): string[] {
  return schema.flatMap(({ KeyType, AttributeName }) =>
    KeyType === 'HASH' && AttributeName !== undefined ? [AttributeName] : [],
  );
}
