import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { flatten, sorted } from '@tweet-pipes/kit/dynamodb-json/attribute-value';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { Columns } from '@tweet-pipes/kit/dynamodb-json/columns';
import { wireItem } from '@tweet-pipes/kit/dynamodb-json/wire-item';
import type { Json } from '@tweet-pipes/kit/json';
import type { Difference } from './compare.ts';

/** An item of the table of orders, as a scan gives it. */
export type OrderItem = Readonly<Record<string, AttributeValue>>;

/** A row of `current_orders`, values as Athena prints them. */
export type OrderRow = Readonly<Record<string, string | null>>;

const keyName = 'orderid';

/** Columns of the change, which no item has. */
const changeColumns: ReadonlySet<string> = new Set(['sequence', 'changed_at', 'misfits', 'datehour']);

/**
 * What differs between the table of orders and the view `current_orders`, field by field. A column that an item lacks
 * must be NULL. Attributes that the view has no column for are not compared.
 */
export function compareOrders(items: readonly OrderItem[], rows: readonly OrderRow[]): Difference[] {
  const differences: Difference[] = [];
  const differ = (key: string, problem: string) => differences.push({ store: 'orders', key, problem });
  const left = new Map<string, OrderRow>();
  for (const row of rows) {
    const key = String(row[keyName]);
    if (left.has(key)) differ(key, 'is in current_orders more than once');
    left.set(key, row);
  }
  for (const item of items) {
    const expected = columnsOf(item);
    const key = String(expected[keyName]);
    const row = left.get(key);
    left.delete(key);
    if (row === undefined) {
      differ(key, 'is missing in current_orders');
      continue;
    }
    for (const [column, value] of Object.entries(row)) {
      if (changeColumns.has(column) || value === textOf(expected[column])) continue;
      differ(key, `${column} is ${shown(value)} in current_orders, must be ${shown(textOf(expected[column]))}`);
    }
  }
  for (const key of left.keys()) differ(key, 'must not be in current_orders');
  return differences;
}

function columnsOf(item: OrderItem): Readonly<Record<string, Json | undefined>> {
  const columns = new Columns();
  for (const [attribute, value] of sorted(wireItem(item))) flatten(columns, columnName(attribute), value);
  return columns.toRow();
}

/** As Athena prints a value of a column of its type. */
function textOf(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shown(text: string | null): string {
  return text === null ? 'NULL' : JSON.stringify(text);
}
