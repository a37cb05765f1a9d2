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

/** All of them run on the Node of this process. */
const runtimes = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'] as const;

/** What UpdateFunctionConfiguration changes. */
const settings = z.strictObject({
  Runtime: z.enum(runtimes, { error: ({ input }) => `${input} is not supported by the local Lambda` }),
  /** `file.export`, the file without its extension, optionally in a folder. */
  Handler: z
    .string()
    .max(128)
    .regex(/^(?:[\w-]+\/)*[\w-]+(?:\.\w+)+$/, 'expected file.export, such as index.handler'),
  Role: z.string().min(1),
  Description: z.string().optional(),
  Timeout: z.int().min(1).max(900).optional(),
  MemorySize: z.int().min(128).max(10_240).optional(),
  Environment: z.strictObject({ Variables: variables.optional() }).optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z
    .strictObject({ LogFormat: only('Text').optional(), LogGroup: z.string().min(1).optional() })
    .optional(),
  TracingConfig: z.looseObject({}).optional(),
  EphemeralStorage: z.looseObject({}).optional(),
  KMSKeyArn: z.string().optional(),
});

const code = {
  ZipFile: z.instanceof(Uint8Array, { error: 'must be a blob' }).optional(),
  S3Bucket: z.string().min(1).optional(),
  S3Key: z.string().min(1).optional(),
};
const architectures = z.array(z.enum(['x86_64', 'arm64'])).optional();

const createInput = settings.extend({
  FunctionName: z.string().min(1),
  Code: z.strictObject(code),
  PackageType: only('Zip').optional(),
  Publish: only(false).optional(),
  Architectures: architectures,
  Tags: z.record(z.string(), z.string()).optional(),
});
const updateCodeInput = z.strictObject({
  ...code,
  FunctionName: z.string(),
  Publish: only(false).optional(),
  DryRun: only(false).optional(),
  Architectures: architectures,
});
const updateConfigurationInput = settings.partial().extend({ FunctionName: z.string() });

/** Where the code of a function is. */
export type CodeSource = { readonly zip: Uint8Array } | { readonly bucket: string; readonly key: string };

/** The definition of a function, with defaults. */
export interface FunctionDefinition {
  name: string;
  arn: string;
  role: string;
  description: string;
  runtime: (typeof runtimes)[number];
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
): { definition: FunctionDefinition; code: CodeSource } {
  const data = parsed(createInput, input);
  const { name } = functionName(data.FunctionName);
  const definition: FunctionDefinition = {
    name,
    arn: `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`,
    role: data.Role,
    description: '',
    runtime: data.Runtime,
    handler: data.Handler,
    timeoutSeconds: 3,
    memoryMb: 128,
    variables: {},
    deadLetterArn: undefined,
    logGroup: defaultLogGroup(name),
    region: place.region,
    tags: data.Tags ?? {},
  };
  return { definition: changed(definition, data), code: codeSource(data.Code, 'Code.') };
}

/**
 * The definition after UpdateFunctionConfiguration: what the input does not name stays. Throws as
 * {@link parseDefinition}. https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
 */
export function parseConfigurationUpdate(
  input: Record<string, unknown>,
  before: FunctionDefinition,
): FunctionDefinition {
  return changed(before, parsed(updateConfigurationInput, input));
}

/**
 * The code of UpdateFunctionCode. Throws as {@link parseDefinition}.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
 */
export function parseCodeUpdate(input: Record<string, unknown>): CodeSource {
  return codeSource(parsed(updateCodeInput, input), '');
}

type Settings = Partial<z.infer<typeof settings>>;

/** An empty ARN of a queue removes it. */
function changed(before: FunctionDefinition, given: Settings): FunctionDefinition {
  const { DeadLetterConfig: deadLetters, LoggingConfig: logging, Environment: environment } = given;
  return {
    ...before,
    role: given.Role ?? before.role,
    description: given.Description ?? before.description,
    runtime: given.Runtime ?? before.runtime,
    handler: given.Handler ?? before.handler,
    timeoutSeconds: given.Timeout ?? before.timeoutSeconds,
    memoryMb: given.MemorySize ?? before.memoryMb,
    variables: environment === undefined ? before.variables : (environment.Variables ?? {}),
    deadLetterArn: deadLetters === undefined ? before.deadLetterArn : deadLetters.TargetArn || undefined,
    logGroup: logging === undefined ? before.logGroup : (logging.LogGroup ?? defaultLogGroup(before.name)),
  };
}

function codeSource({ ZipFile: zip, S3Bucket: bucket, S3Key: key }: CodeMembers, path: string): CodeSource {
  if (zip !== undefined && bucket === undefined && key === undefined) return { zip };
  if (zip === undefined && bucket !== undefined && key !== undefined) return { bucket, key };
  throw new AwsError(
    'InvalidParameterValueException',
    `${path}ZipFile: exactly one of it and of ${path}S3Bucket with ${path}S3Key must be given`,
  );
}

interface CodeMembers {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
}

function parsed<T>(schema: z.ZodType<T>, input: Record<string, unknown>): T {
  const result = schema.safeParse(input);
  if (!result.success) throw new AwsError('InvalidParameterValueException', described(result.error));
  return result.data;
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
