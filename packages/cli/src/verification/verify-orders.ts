import { DescribeTableCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { askAthena } from '../lake/ask.ts';
import type { SalesOutputs } from '../stack/sales-outputs.ts';
import { keyAttributes } from '../tables/item-columns.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Difference } from './compare.ts';
import { compareOrders, type OrderItem } from './compare-orders.ts';

/** The table of orders, compared with its lake. */
export interface VerifiedOrders {
  /** Orders in the table. */
  orders: number;
  differences: Difference[];
}

/**
 * Compares a scan of the table of orders with the view `current_orders`, once nothing is under way. Both are held in
 * memory. Throws CliError when the query fails, else the SDK's error.
 */
export async function verifyOrders(
  clients: AwsClients,
  { OrderTableName, SalesWorkGroupName, SalesDatabaseName }: SalesOutputs,
  terminal: Terminal,
): Promise<VerifiedOrders> {
  const keys = await keyColumns(clients, OrderTableName);
  const items = await readOrderItems(clients, OrderTableName);
  const lake = { workGroup: SalesWorkGroupName, database: SalesDatabaseName };
  const rows = await askAthena(clients, lake, terminal, 'SELECT * FROM current_orders');
  return { orders: items.length, differences: compareOrders(items, rows, keys) };
}

async function keyColumns({ dynamodb }: Pick<AwsClients, 'dynamodb'>, TableName: string): Promise<string[]> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  return keyAttributes(Table).map(columnName);
}

/** Every item of the table, by a consistent scan. */
export async function readOrderItems(
  { dynamodb }: Pick<AwsClients, 'dynamodb'>,
  TableName: string,
): Promise<OrderItem[]> {
  const items: OrderItem[] = [];
  const request = { TableName, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, request)) items.push(...Items);
  return items;
}
