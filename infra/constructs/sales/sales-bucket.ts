import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { DataBucket } from '../data-bucket.ts';
import { lakePrefixes } from '../lake/lake-bucket.ts';

/** The folders of the bucket. Each ends in `/`. */
export const salesPrefixes = {
  /** Rows of changes, by hour. */
  sales: 'sales/',
  /** Changes that became no rows, by the kind of error and the hour. */
  errors: lakePrefixes.errors,
  /** Results of Athena's queries. */
  queryResults: lakePrefixes.queryResults,
} as const;

/** The id of the request metric of what is put under `errors/` (docs/adr/0004). */
export const salesErrorMetricId = 'SalesErrors';

/** The bucket of the sales lake. */
export class SalesBucket extends DataBucket {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      config,
      retentionDays: [
        [salesPrefixes.sales, config.lakeRetentionDays],
        [salesPrefixes.errors, config.quarantineRetentionDays],
        [salesPrefixes.queryResults, config.queryResultRetentionDays],
      ],
      metrics: [{ id: salesErrorMetricId, prefix: salesPrefixes.errors }],
      writers: 'the roles of this stack and Athena',
    });
  }
}
