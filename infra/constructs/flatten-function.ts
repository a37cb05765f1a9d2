import { fileURLToPath } from 'node:url';

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { ServiceRole } from './service-role.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The tables whose removals the function flattens. */
export interface FlattenFunctionProps extends ConfiguredProps {
  /** Label for the column `table` → table. */
  tables: Readonly<Record<string, ITable>>;
}

/** The Lambda function that turns REMOVE events of any archived table into archive rows; functions/flatten-removals. */
export class FlattenFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { tables, config }: FlattenFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Lambda passes no source when it assumes the role, so the trust has no condition.
    const role = new ServiceRole(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
      ],
    });
    this.function = new NodejsFunction(this, 'Function', {
      description: 'Flattens removed items into archive rows.',
      entry: `${root}functions/flatten-removals/index.ts`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(60),
      role,
      logGroup: this.logGroup,
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        logLevel: LogLevel.WARNING,
      },
      environment: {
        TABLE_LABELS: `{${Object.entries(tables)
          .map(([label, table]) => `"${table.tableName}":"${label}"`)
          .join(',')}}`,
        ARCHIVE_CONTENT: config.archiveContent,
      },
    });
  }
}
