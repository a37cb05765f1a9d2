import type { FunctionDefinition } from './definition.ts';

/**
 * The whole environment of a function: the template's variables and Lambda's own. The environment of this process is
 * not passed on. `AWS_ENDPOINT_URL` directs the SDK in the function to the local endpoint. The access key is that of a
 * session of the function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function functionEnvironment(
  definition: FunctionDefinition,
  place: { folder: string; logStream: string; endpoint: string | undefined; accessKeyId: string },
): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_ACCESS_KEY_ID: place.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    ...(place.endpoint === undefined ? {} : { AWS_ENDPOINT_URL: place.endpoint }),
    ...definition.variables,
    _HANDLER: definition.handler,
    AWS_REGION: definition.region,
    AWS_DEFAULT_REGION: definition.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    LAMBDA_TASK_ROOT: place.folder,
  };
}
