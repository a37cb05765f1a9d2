import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { keyAttributes } from './item-columns.ts';

/** Throws CliError when generated orders cannot be items of the table, because its key is another one. */
export function checkOrderKey(name: string, table: TableDescription): void {
  const keys = keyAttributes(table).map((key) => {
    const type = table.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === key)?.AttributeType;
    return `${key} of type ${type}`;
  });
  if (keys.join() === 'orderid of type S') return;
  throw new CliError(
    `Generated orders have the key orderid of type S, and the table ${name} has ${keys.join(' and ')}. Name a table with that key.`,
  );
}
