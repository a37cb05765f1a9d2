import type { LakeColumn } from '../lake/lake-columns.ts';

/** The columns that hold an order, in the order of docs/sales.md, "Columns". */
export const orderColumns: readonly LakeColumn[] = [
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
];

/** The columns of the change itself, as functions/flatten-orders writes them. */
export const changeColumns: readonly LakeColumn[] = [
  { name: 'change', hive: 'string' },
  { name: 'sequence', hive: 'string' },
  { name: 'changed_at', hive: 'timestamp' },
  { name: 'deleted', hive: 'boolean' },
  { name: 'misfits', hive: 'string' },
];
