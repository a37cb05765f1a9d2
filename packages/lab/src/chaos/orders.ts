import { PassThrough } from 'node:stream';
import { askAthena } from '@tweet-pipes/cli/lake/ask';
import { findNamedQuery } from '@tweet-pipes/cli/lake/named-queries';
import { readSalesOutputs } from '@tweet-pipes/cli/stack/sales-outputs';
import { compareOrders, type OrderItem, type OrderRow } from '@tweet-pipes/cli/verification/compare-orders';
import { readOrderItems } from '@tweet-pipes/cli/verification/verify-orders';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Order, OrderChange } from '@tweet-pipes/kit/orders/order';
import { z } from 'zod';
import { readFailed } from './lake.ts';
import type { Discrepancy } from './verdict.ts';

/** What the table and its lake say. */
export interface OrderContent {
  items: OrderItem[];
  /** `current_orders`. */
  current: OrderRow[];
  /** `sales_distinct`, oldest first. */
  history: OrderRow[];
  /** `revenue_by_product_and_hour`. */
  revenue: OrderRow[];
  /** Ids of orders with changes that are below the error prefix: their function failed in each attempt. */
  failed: Set<string>;
}

const failedChange = z.object({ dynamodb: z.object({ Keys: z.object({ orderid: z.object({ S: z.string() }) }) }) });

/** What a row of the history is compared in, the status first. */
const orderFields = [
  'status',
  'product',
  'category',
  'price_minor',
  'quantity',
  'currency',
  'customer',
  'country',
  'created_at',
  'updated_at',
] as const satisfies (keyof Order)[];

/** Reads table and lake. Rejects with CliError when a query fails, else the SDK's error. */
export async function readOrders(clients: AwsClients, clock: Clock, signal: AbortSignal): Promise<OrderContent> {
  const outputs = await readSalesOutputs(clients, 'SalesLake');
  const { SalesWorkGroupName: workGroup, SalesDatabaseName: database, SalesBucketName } = outputs;
  const { athena } = await clients.lake();
  const terminal = { clock, progress: new PassThrough(), interruptible: () => signal };
  const ask = (sql: string): Promise<OrderRow[]> => askAthena(clients, { workGroup, database }, terminal, sql);
  const revenue = await findNamedQuery(athena, [workGroup], 'revenue_by_product_and_hour');
  const failed = [...(await readFailed(clients, SalesBucketName))].map((data) =>
    failedChange.parse(JSON.parse(Buffer.from(data, 'base64').toString('utf8'))),
  );
  return {
    items: await readOrderItems(clients, outputs.OrderTableName),
    current: await ask('SELECT * FROM current_orders'),
    history: await ask('SELECT * FROM sales_distinct ORDER BY sequence'),
    revenue: await ask(revenue.sql),
    failed: new Set(failed.map(({ dynamodb }) => dynamodb.Keys.orderid.S)),
  };
}

/** How the sales lake compares with the table and with what was written. */
export interface OrderVerdict {
  changes: number;
  orders: number;
  differences: Discrepancy[];
  /** Orders that are not compared, because Firehose gave up changes of them. */
  leftOut: number;
}

/**
 * Compares `current_orders` with the table, the history of each order with the acknowledged changes, field by field,
 * and revenue with what they add up to. A change whose answer was lost may be there twice in a row.
 */
export function judgeOrders(content: OrderContent, changes: ReadonlyMap<string, OrderChange[]>): OrderVerdict {
  const { items, current, history, revenue, failed } = content;
  const isCompared = (key: string) => !failed.has(key);
  const differences: Discrepancy[] = compareOrders(items, current)
    .filter(({ key }) => isCompared(key))
    .map(({ key, problem }) => ({ where: 'orders', key, problem }));

  const found = Map.groupBy(history, ({ orderid }) => String(orderid));
  for (const key of new Set([...found.keys(), ...changes.keys()])) {
    if (!isCompared(key)) continue;
    const inLake = collapsed((found.get(key) ?? []).map((row) => (row.deleted === 'true' ? 'deleted' : textOf(row))));
    const written = (changes.get(key) ?? []).map((change) =>
      change.kind === 'delete' ? 'deleted' : textOf(change.order),
    );
    if (inLake.join() !== written.join()) {
      differences.push({ where: 'history', key, problem: `is ${inLake.join()}, must be ${written.join()}` });
    }
  }
  if (failed.size === 0) differences.push(...revenueDifferences(revenue, changes));
  const all = [...changes.values()];
  return {
    changes: all.reduce((sum, { length }) => sum + length, 0),
    orders: changes.size,
    differences,
    leftOut: failed.size,
  };
}

/** An order after a change, or the row of that change, each field of it. */
function textOf(fields: Readonly<Record<keyof Order, string | number>> | OrderRow): string {
  return orderFields.map((name) => String(fields[name])).join(' ');
}

function collapsed(texts: readonly string[]): string[] {
  return texts.filter((text, index) => text !== texts[index - 1]);
}

function revenueDifferences(revenue: readonly OrderRow[], changes: ReadonlyMap<string, OrderChange[]>): Discrepancy[] {
  const sum = (sums: Map<string, bigint>, key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount);
  const paid = new Map<string, bigint>();
  for (const change of [...changes.values()].flat()) {
    if (change.kind === 'delete' || change.order.status !== 'paid') continue;
    const { product, currency, price_minor, quantity } = change.order;
    sum(paid, `${product}, ${currency}`, BigInt(price_minor * quantity));
  }
  const found = new Map<string, bigint>();
  for (const { product, currency, revenue_minor } of revenue) {
    sum(found, `${product}, ${currency}`, BigInt(String(revenue_minor)));
  }
  return [...new Set([...paid.keys(), ...found.keys()])]
    .filter((key) => paid.get(key) !== found.get(key))
    .map((key) => ({ where: 'revenue', key, problem: `is ${found.get(key)}, must be ${paid.get(key)}` }));
}
