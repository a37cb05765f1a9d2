import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { NodeFunction } from '../node-function.ts';
import type { SalesColumns } from './sales-columns.ts';

/** What the rows of the function hold. */
export interface OrderTransformationProps extends ConfiguredProps {
  columns: SalesColumns;
}

/** The Lambda function that makes rows of changes of orders; functions/flatten-orders. */
export class OrderTransformation extends NodeFunction {
  constructor(scope: Construct, id: string, { columns: { columns }, config }: OrderTransformationProps) {
    const columnTypes = Object.fromEntries(
      columns.filter(({ hive }) => hive === 'bigint' || hive === 'boolean').map(({ name, hive }) => [name, hive]),
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
