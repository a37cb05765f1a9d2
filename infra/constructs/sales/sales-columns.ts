import type { SalesTable } from '@tweet-pipes/kit/orders/sales-table';

import type { LakeColumn } from '../lake/lake-columns.ts';

/** The columns of a table in the sales lake. */
export interface SalesColumns {
  /** Those that identify an item, the partition key first. */
  keys: readonly string[];
  /** All of an item, the keys first. */
  columns: readonly LakeColumn[];
}

/** Those of the table of generated orders (docs/sales.md, "Columns"). */
const orderColumns: SalesColumns = {
  keys: ['orderid'],
  columns: [
    { name: 'orderid', hive: 'string' },
    { name: 'product', hive: 'string' },
    { name: 'category', hive: 'string' },
    { name: 'price_minor', hive: 'bigint' },
    { name: 'quantity', hive: 'bigint' },
    { name: 'currency', hive: 'string' },
    { name: 'customer', hive: 'string' },
    { name: 'country', hive: 'string' },
    { name: 'status', hive: 'string' },
    { name: 'created_at', hive: 'string' },
    { name: 'updated_at', hive: 'string' },
  ],
};

/** The columns of the change itself, as functions/flatten-orders writes them. */
export const changeColumns: readonly LakeColumn[] = [
  { name: 'change', hive: 'string' },
  { name: 'sequence', hive: 'string' },
  { name: 'changed_at', hive: 'timestamp' },
  { name: 'deleted', hive: 'boolean' },
  { name: 'misfits', hive: 'string' },
];

/** The columns of a table of one's own; without one, of generated orders. */
export function salesColumns(table: SalesTable | undefined): SalesColumns {
  if (table === undefined) return orderColumns;
  return { keys: table.keyColumns, columns: table.columns.map(({ name, type }) => ({ name, hive: type })) };
}

/** SQL with the names of columns in place of `{{key}}` (the partition key), `{{keys}}` and `{{columns}}`. */
export function fillColumns(sql: string, { keys, columns }: SalesColumns): string {
  const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  return sql
    .replaceAll('{{key}}', listed(keys.slice(0, 1)))
    .replaceAll('{{keys}}', listed(keys))
    .replaceAll('{{columns}}', listed(columns.map(({ name }) => name)));
}
