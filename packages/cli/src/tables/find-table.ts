import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { unlessError } from '@tweet-pipes/kit/thrown';

/** Describes a table. Throws CliError when there is none of this name, else the SDK's error. */
export async function findTable(
  { dynamodb }: { dynamodb: Pick<DynamoDBClient, 'send'> },
  name: string,
): Promise<TableDescription> {
  const description = dynamodb.send(new DescribeTableCommand({ TableName: name }));
  const table = (await unlessError(description, 'ResourceNotFoundException'))?.Table;
  if (table !== undefined) return table;
  throw new CliError(`There is no table ${name} here. To list the tables: aws dynamodb list-tables`);
}
