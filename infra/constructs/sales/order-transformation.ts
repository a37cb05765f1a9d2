import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { NodeFunction } from '../node-function.ts';
import { orderColumns } from './sales-columns.ts';

/** The Lambda function that makes rows of changes of orders; functions/flatten-orders. */
export class OrderTransformation extends NodeFunction {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    const columnTypes = Object.fromEntries(
      orderColumns.filter(({ hive }) => hive === 'bigint' || hive === 'boolean').map(({ name, hive }) => [name, hive]),
    );
    super(scope, id, {
      folder: 'flatten-orders',
      description: 'Flattens changes of orders into rows of the sales lake.',
      // Firehose waits five minutes at most (AWS: "Transform source data in Amazon Data Firehose").
      timeout: Duration.minutes(2),
      environment: { COLUMN_TYPES: JSON.stringify(columnTypes) },
      config,
    });
  }
}
