import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { durableTable } from '../tables.ts';

/** The table of orders. Its stream carries each order as it is after a change. */
export class OrderTable extends Table {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      ...durableTable(config),
      partitionKey: { name: 'orderid', type: AttributeType.STRING },
      stream: StreamViewType.NEW_IMAGE,
    });
  }
}
