import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { clientsFromEnvironment } from './connect.ts';
import { readSalesOutputs } from './sales-outputs.ts';
import { stackNamesOf } from './stack-names.ts';

/** A table to write to. Its owner calls `close`. */
export interface OpenTable {
  client: DynamoDBClient;
  tableName: string;
  close(): void;
}

/**
 * Opens the table of that name, else that of the stack that `--sales-stack` names. The SDK makes one attempt per call,
 * because the writer counts and spaces attempts. Throws CliError when there is no such stack, else what {@link
 * ../explain.ts} explains.
 */
export async function openTable(terminal: Terminal, command: Command, name?: string): Promise<OpenTable> {
  const { salesStack } = stackNamesOf(command);
  const { clients } = clientsFromEnvironment(terminal, { maxAttempts: 1 });
  const close = () => clients.destroy();
  try {
    const tableName = name ?? (await readSalesOutputs(clients, salesStack)).OrderTableName;
    return { client: clients.dynamodb, tableName, close };
  } catch (error) {
    close();
    throw error;
  }
}
