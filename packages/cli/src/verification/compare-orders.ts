import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { columnName } from '@tweet-pipes/kit/dynamodb-json/column-name';
import { isJsonObject, type Json, parseJson } from '@tweet-pipes/kit/json';
import { changeColumnNames } from '@tweet-pipes/kit/orders/sales-table';
import { itemColumns } from '../tables/item-columns.ts';
import type { Difference } from './compare.ts';

/** An item of the table of orders, as a scan gives it. */
export type OrderItem = Readonly<Record<string, AttributeValue>>;

/** A row of `current_orders`, values as Athena prints them. */
export type OrderRow = Readonly<Record<string, string | null>>;

/** Columns of the change, which no item has. */
const changeColumns: ReadonlySet<string> = new Set(changeColumnNames);

/** The column of the key of the generated orders. */
const orderKey: readonly string[] = ['orderid'];

/**
 * What differs between the table of orders and the view `current_orders`, field by field. A column that an item lacks
 * must be NULL. A value that the column cannot hold must be in `misfits`. Attributes that the view has no column for
 * are not compared. `keys` are the columns of the table's key.
 */
export function compareOrders(
  items: readonly OrderItem[],
  rows: readonly OrderRow[],
  keys: readonly string[] = orderKey,
): Difference[] {
  const keyOf = (columns: Readonly<Record<string, Json | undefined>>) => keys.map((key) => columns[key]).join(', ');
  const differences: Difference[] = [];
  const differ = (key: string, problem: string) => differences.push({ store: 'orders', key, problem });
  const left = new Map<string, OrderRow>();
  for (const row of rows) {
    const key = keyOf(row);
    if (left.has(key)) differ(key, 'is in current_orders more than once');
    left.set(key, row);
  }
  for (const item of items) {
    const expected = itemColumns(item, (attribute) => keys.includes(columnName(attribute)));
    const key = keyOf(expected);
    const row = left.get(key);
    left.delete(key);
    if (row === undefined) {
      differ(key, 'is missing in current_orders');
      continue;
    }
    const misfits = misfitsOf(row);
    for (const [column, inColumn] of Object.entries(row)) {
      const value = inColumn ?? textOf(misfits[column]);
      if (changeColumns.has(column) || value === textOf(expected[column])) continue;
      differ(key, `${column} is ${shown(value)} in current_orders, must be ${shown(textOf(expected[column]))}`);
    }
  }
  for (const key of left.keys()) differ(key, 'must not be in current_orders');
  return differences;
}

/** The values that the columns of a row cannot hold. */
function misfitsOf({ misfits }: OrderRow): Readonly<Record<string, Json | undefined>> {
  const parsed = typeof misfits === 'string' ? parseJson(misfits) : undefined;
  return isJsonObject(parsed) ? parsed : {};
}

/** As Athena prints a value of a column of its type. */
function textOf(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shown(text: string | null): string {
  return text === null ? 'NULL' : JSON.stringify(text);
}
