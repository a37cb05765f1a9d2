import type { FunctionConfiguration } from '@aws-sdk/client-lambda';

import type { DeployedFunction } from './deployed-function.ts';

/**
 * A function's configuration, as GetFunction and other operations answer it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export function configurationOf(deployed: DeployedFunction): FunctionConfiguration {
  const { definition, codeBytes, codeSha256, deployedMs } = deployed;
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: definition.runtime,
    Role: definition.role,
    Handler: definition.handler,
    CodeSize: codeBytes,
    CodeSha256: codeSha256,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    LastModified: new Date(deployedMs).toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    Environment: { Variables: { ...definition.variables } },
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    ...(definition.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: definition.deadLetterArn } }),
    LoggingConfig: { LogFormat: 'Text', LogGroup: definition.logGroup },
  };
}
