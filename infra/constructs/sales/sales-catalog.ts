import { readFileSync } from 'node:fs';

import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { Catalog, jsonLines } from '../lake/catalog.ts';
import { changeColumns, fillColumns, type SalesColumns } from './sales-columns.ts';

/** Where the table is. */
export interface SalesCatalogProps extends ConfiguredProps {
  bucket: IBucket;
  /** The folder of the rows. Ends in `/`. */
  prefix: string;
  /** Of an item. */
  columns: SalesColumns;
}

/** The Glue database of the sales lake: the table of changes, and views. */
export class SalesCatalog extends Catalog {
  constructor(scope: Construct, id: string, { bucket, prefix, columns: ofItem, config }: SalesCatalogProps) {
    super(scope, id, 'Changes of orders in S3.');
    const columns = [...ofItem.columns, ...changeColumns];
    this.table('sales', {
      description: 'A row for each change of an order, at least once. Views: sales_distinct, current_orders.',
      columns,
      location: `s3://${bucket.bucketName}/${prefix}`,
      format: jsonLines,
      projectedDays: config.lakeRetentionDays,
    });
    this.view('sales_distinct', {
      description: 'One row for each change.',
      columns,
      sql: sqlOf('sales_distinct', ofItem),
    });
    this.view('current_orders', {
      description: 'One row for each order that is in the table: its newest change.',
      columns: columns.filter(({ name }) => name !== 'deleted' && name !== 'change'),
      sql: sqlOf('current_orders', ofItem),
    });
  }
}

/** The SELECT of a view. */
function sqlOf(view: string, columns: SalesColumns): string {
  return fillColumns(readFileSync(new URL(`../../sales/views/${view}.sql`, import.meta.url), 'utf8').trim(), columns);
}
