import { z } from 'zod';

import { AwsError } from '../gateway/aws-error.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reservedVariables: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
const environmentBytes = 4096;

const variables = z
  .record(z.string().regex(/^[a-zA-Z]\w+$/, 'not a name of an environment variable'), z.string())
  .refine((value) => Object.keys(value).every((name) => !reservedVariables.has(name)), {
    error: ({ input }) =>
      `Reserved keys used in this request: ${Object.keys(Object(input)).filter((name) => reservedVariables.has(name))}`,
  })
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= environmentBytes,
    `larger than ${environmentBytes} bytes`,
  );

const only = <T extends string | boolean>(value: T) =>
  z.literal(value, { error: ({ input }) => `${input} is not supported by the local Lambda` });

const createInput = z.strictObject({
  FunctionName: z.string().min(1),
  Runtime: only('nodejs24.x'),
  /** `file.export`, the file without its extension, optionally in a folder. */
  Handler: z
    .string()
    .max(128)
    .regex(/^(?:[\w-]+\/)*[\w-]+(?:\.\w+)+$/, 'expected file.export, such as index.handler'),
  Code: z.strictObject({ ZipFile: z.instanceof(Uint8Array, { error: 'must be a blob' }) }),
  Role: z.string().min(1),
  Description: z.string().optional(),
  Timeout: z.int().min(1).max(900).default(3),
  MemorySize: z.int().min(128).max(10_240).default(128),
  Environment: z.strictObject({ Variables: variables.default({}) }).default({ Variables: {} }),
  PackageType: only('Zip').optional(),
  Publish: only(false).optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  Architectures: z.array(z.enum(['x86_64', 'arm64'])).optional(),
  LoggingConfig: z
    .strictObject({ LogFormat: only('Text').optional(), LogGroup: z.string().min(1).optional() })
    .optional(),
  TracingConfig: z.looseObject({}).optional(),
  EphemeralStorage: z.looseObject({}).optional(),
  KMSKeyArn: z.string().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

/** The definition of a function, with defaults. */
export interface FunctionDefinition {
  name: string;
  arn: string;
  role: string;
  description: string;
  handler: string;
  timeoutSeconds: number;
  /** MiB. */
  memoryMb: number;
  variables: Readonly<Record<string, string>>;
  /** ARN of the queue for asynchronous invocations that failed. */
  deadLetterArn: string | undefined;
  logGroup: string;
  region: string;
  tags: Readonly<Record<string, string>>;
}

/**
 * Parses the input of CreateFunction. Throws InvalidParameterValueException that names each property that is invalid or
 * not supported locally. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function parseDefinition(
  input: Record<string, unknown>,
  place: { region: string; accountId: string },
): { definition: FunctionDefinition; zip: Uint8Array } {
  const parsed = createInput.safeParse(input);
  if (!parsed.success) throw new AwsError('InvalidParameterValueException', described(parsed.error));
  const { data } = parsed;
  const name = functionName(data.FunctionName).name;
  const definition: FunctionDefinition = {
    name,
    arn: `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`,
    role: data.Role,
    description: data.Description ?? '',
    handler: data.Handler,
    timeoutSeconds: data.Timeout,
    memoryMb: data.MemorySize,
    variables: data.Environment.Variables,
    deadLetterArn: data.DeadLetterConfig?.TargetArn,
    logGroup: data.LoggingConfig?.LogGroup ?? defaultLogGroup(name),
    region: place.region,
    tags: data.Tags ?? {},
  };
  return { definition, zip: data.Code.ZipFile };
}

/** The log group of a function that names none. Lambda creates it. */
export function defaultLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * Parses a reference to a function: its name, its partial ARN (`account:function:name`) or its ARN, each with an
 * optional qualifier. Throws InvalidParameterValueException.
 */
export function functionName(reference: string): { name: string; qualifier: string | undefined } {
  const parts = /^(?:(?:arn:[a-z-]+:lambda:[a-z0-9-]+:)?\d{12}:function:)?([a-zA-Z0-9_-]{1,64})(?::([\w$-]+))?$/.exec(
    reference,
  );
  if (!parts?.[1])
    throw new AwsError(
      'InvalidParameterValueException',
      `FunctionName: ${JSON.stringify(reference)} is neither a name nor an ARN of a function`,
    );
  return { name: parts[1], qualifier: parts[2] };
}

function described(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.map(String);
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${[...path, key].join('.')}: not supported by the local Lambda`).join('; ')
        : `${path.join('.')}: ${issue.message}`;
    })
    .join('; ');
}
