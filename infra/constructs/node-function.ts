import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { bundledCode } from './bundled-code.ts';
import { ServiceRole } from './service-role.ts';

/** What differs from function to function. */
export interface NodeFunctionProps extends ConfiguredProps {
  /** Its folder below `functions`. */
  folder: string;
  description: string;
  timeout: Duration;
  environment?: Record<string, string>;
  /** What it may call; nothing by default. */
  statements?: readonly PolicyStatement[];
  /** Memory in MiB, which sets the share of a processor too. Default 512. */
  memorySize?: number;
  /** Gets what failed at each attempt of an asynchronous invocation. */
  deadLetterQueue?: IQueue;
}

/** A Lambda function with its own role and log group. It may call what its statements allow. */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { folder, description, timeout, environment = {}, statements = [], memorySize = 512, config } = props;
    const { deadLetterQueue } = props;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Lambda passes no source when it assumes the role, so the trust has no condition.
    this.role = new ServiceRole(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
        ...statements,
        ...(deadLetterQueue === undefined
          ? []
          : [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] })]),
      ],
    });
    this.function = new LambdaFunction(this, 'Function', {
      description,
      code: bundledCode(folder),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize,
      timeout,
      role: this.role,
      logGroup: this.logGroup,
      environment,
    });
    const { defaultChild } = this.function.node;
    if (deadLetterQueue !== undefined && defaultChild instanceof CfnFunction) {
      // The property of the L2 construct would add a policy beside the role, which is created too late.
      defaultChild.deadLetterConfig = { targetArn: deadLetterQueue.queueArn };
    }
  }
}
