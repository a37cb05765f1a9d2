import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { Construct } from 'constructs';

import type { Config } from '../config.ts';
import { VendedLogGroup } from './vended-log-group.ts';

/**
 * Where a pipe logs, and what its role needs for that. Record data is left out: the workflow's log has it, and a
 * deleted tweet should be in one log at most.
 */
export interface PipeLogs {
  logConfiguration: CfnPipe.PipeLogConfigurationProperty | undefined;
  statements: PolicyStatement[];
}

/** The logs of the pipe `name`; nothing at all at level OFF. */
export function pipeLogs(scope: Construct, name: string, config: Config): PipeLogs {
  if (config.pipeLogLevel === 'OFF') return { logConfiguration: undefined, statements: [] };
  const { logGroupArn } = new VendedLogGroup(scope, 'PipeLogs', { service: 'pipes', name, config });
  return {
    logConfiguration: { level: config.pipeLogLevel, cloudwatchLogsLogDestination: { logGroupArn } },
    statements: [
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] }),
    ],
  };
}
