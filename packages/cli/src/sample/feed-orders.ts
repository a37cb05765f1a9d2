import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { changeDefaults } from '@tweet-pipes/kit/orders/change-options';
import { changesPerCall, putChanges } from '@tweet-pipes/kit/orders/put-changes';
import { controlled } from '@tweet-pipes/producer/controlled';
import { orderSink } from '@tweet-pipes/producer/orders/order-sink';
import { changeOf, orderSource } from '@tweet-pipes/producer/orders/order-source';
import { writeTo } from '@tweet-pipes/producer/writer';
import type { Terminal } from '../terminal/terminal.ts';

/** Where orders go. */
export interface OrderFeeding {
  clients: Pick<AwsClients, 'dynamodb'>;
  tableName: string;
  terminal: Terminal;
  signal: AbortSignal;
  /** Default 300. */
  changes?: number;
}

/** Enough for each status; few, since they go beside the tweets. */
const sampleChanges = 300;

/** Orders that a change of each kind adds to the table. */
const left = { place: 1, update: 0, delete: -1 } as const;

/** What was written. */
export interface FedOrders {
  changes: number;
  /** Orders that the changes leave in the table, if it had none of them before. */
  orders: number;
}

/** Writes changes of orders, always the same orders. Throws CliError, exit code 2, unless every change is written. */
export async function feedOrders({
  clients,
  tableName,
  terminal,
  signal,
  changes = sampleChanges,
}: OrderFeeding): Promise<FedOrders> {
  const { clock, random } = terminal;
  let orders = 0;
  const source = controlled(orderSource(changeDefaults, clock), { clock, limit: changes });
  const { sent } = await writeTo(source.records(signal), {
    sink: orderSink(tableName, (batch) => putChanges(clients.dynamodb, tableName, batch)),
    recordsPerCall: changesPerCall,
    clock,
    random,
    signal,
    onLanded(record) {
      orders += left[changeOf(record).kind];
    },
  });
  if (sent === changes) return { changes, orders };
  throw new CliError(`${sent} of ${changes} changes of orders were written.`, { exitCode: 2 });
}
