import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';

/** What a vended log group is named after. */
export interface VendedLogGroupProps extends ConfiguredProps {
  /** The service that writes to it. */
  service: 'pipes' | 'states';
  /** Last part of its name, such as `ingest`. */
  name: string;
}

/**
 * A log group that an AWS service writes to, `/aws/vendedlogs/<service>/<stack>-<name>`. Under that prefix log delivery
 * needs no resource policy, which is limited to 5,120 characters for all stacks of an account (AWS: "Logging using
 * CloudWatch Logs" of Step Functions). It is deleted with the stack whatever `removal` says: a second deployment could
 * not create a group of the same name.
 */
export class VendedLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, { service, name, config }: VendedLogGroupProps) {
    super(scope, id, {
      logGroupName: `/aws/vendedlogs/${service}/${Stack.of(scope).stackName}-${name}`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
