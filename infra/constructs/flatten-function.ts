import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { NodeFunction } from './node-function.ts';

/** The tables whose removals the function flattens. */
export interface FlattenFunctionProps extends ConfiguredProps {
  /** Label for the column `table` → table. */
  tables: Readonly<Record<string, ITable>>;
}

/** The Lambda function that turns REMOVE events of any archived table into archive rows; functions/flatten-removals. */
export class FlattenFunction extends NodeFunction {
  constructor(scope: Construct, id: string, { tables, config }: FlattenFunctionProps) {
    super(scope, id, {
      folder: 'flatten-removals',
      description: 'Flattens removed items into archive rows.',
      timeout: Duration.seconds(60),
      environment: {
        TABLE_LABELS: `{${Object.entries(tables)
          .map(([label, table]) => `"${table.tableName}":"${label}"`)
          .join(',')}}`,
        ARCHIVE_CONTENT: config.archiveContent,
      },
      config,
    });
  }
}
