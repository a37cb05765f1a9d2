import { fileURLToPath } from 'node:url';

import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { ServiceRole } from './service-role.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What differs from function to function. */
export interface NodeFunctionProps extends ConfiguredProps {
  /** Its folder below `functions`. */
  folder: string;
  description: string;
  timeout: Duration;
  environment?: Record<string, string>;
}

/** A Lambda function that calls nothing: it takes events and gives rows back. It has its own role and log group. */
export class NodeFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { folder, description, timeout, environment = {}, config } = props;
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
      description,
      entry: `${root}functions/${folder}/index.ts`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout,
      role,
      logGroup: this.logGroup,
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        logLevel: LogLevel.WARNING,
      },
      environment,
    });
  }
}
