import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { unlessError } from '@tweet-pipes/kit/thrown';
import type { Command } from 'commander';
import { checkOrderKey } from '../tables/check-order-key.ts';
import { findTable } from '../tables/find-table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { clientsFromEnvironment } from './connect.ts';
import { generatedOrderTable, readSalesOutputs } from './sales-outputs.ts';
import { stackNamesOf } from './stack-names.ts';

/** A table to write to. Its owner calls `close`. */
export interface OpenTable {
  client: DynamoDBClient;
  tableName: string;
  close(): void;
}

/**
 * Opens the table of that name for generated orders, else that of the stack that `--sales-stack` names. The SDK makes
 * one attempt per call, because the writer counts and spaces attempts. Throws CliError when there is no such stack or
 * table, its table is one of one's own, or the key of the named one is not that of orders, else what
 * {@link ../explain.ts} explains.
 */
export async function openTable(terminal: Terminal, command: Command, name?: string): Promise<OpenTable> {
  const { salesStack } = stackNamesOf(command);
  const { clients } = clientsFromEnvironment(terminal, { maxAttempts: 1 });
  const close = () => clients.destroy();
  try {
    if (name !== undefined) await checkNamedTable(clients, name);
    const tableName = name ?? (await generatedTable(clients, salesStack));
    return { client: clients.dynamodb, tableName, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A principal that may write need not be allowed to describe. */
async function checkNamedTable(clients: AwsClients, name: string): Promise<void> {
  const table = await unlessError(findTable(clients, name), 'AccessDeniedException');
  if (table !== undefined) checkOrderKey(name, table);
}

async function generatedTable(clients: AwsClients, stack: string): Promise<string> {
  const outputs = await readSalesOutputs(clients, stack);
  const table = generatedOrderTable(outputs);
  if (table !== undefined) return table;
  const { OrderTableName } = outputs;
  throw new CliError(
    `${stack} keeps the changes of a table of yours, ${OrderTableName}, and generated orders would become items of it. To write them there all the same: --table ${OrderTableName}`,
  );
}
