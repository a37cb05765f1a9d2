import type { SalesTable } from '@tweet-pipes/kit/orders/sales-table';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { DataBucket } from '../data-bucket.ts';
import { lakePrefixes } from '../lake/lake-bucket.ts';

/** The folders of the bucket. Each ends in `/`. */
export const salesPrefixes = {
  /** Rows of changes of generated orders, by hour. */
  sales: 'sales/',
  /** Rows of changes of tables of one's own: a folder each, and in it by hour. */
  ownTables: 'tables/',
  /** Changes that became no rows, by the kind of error and the hour. */
  errors: lakePrefixes.errors,
  /** Results of Athena's queries. */
  queryResults: lakePrefixes.queryResults,
} as const;

/**
 * The folder of the rows of a table. Each has its own, so that rows which the bucket has from before are not taken for
 * items of another table.
 */
export function rowsPrefix(table: SalesTable | undefined): string {
  return table === undefined ? salesPrefixes.sales : `${salesPrefixes.ownTables}${table.tableName}/`;
}

/** The id of the request metric of what is put under `errors/` (docs/adr/0004). */
export const salesErrorMetricId = 'SalesErrors';

/** The bucket of the sales lake. */
export class SalesBucket extends DataBucket {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      config,
      retentionDays: [
        [salesPrefixes.sales, config.lakeRetentionDays],
        [salesPrefixes.ownTables, config.lakeRetentionDays],
        [salesPrefixes.errors, config.quarantineRetentionDays],
        [salesPrefixes.queryResults, config.queryResultRetentionDays],
      ],
      metrics: [{ id: salesErrorMetricId, prefix: salesPrefixes.errors }],
      writers: 'the roles of this stack and Athena',
    });
  }
}
