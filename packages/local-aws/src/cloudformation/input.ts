import { z } from 'zod';
import { createInputParser } from '../gateway/input-parser.ts';
import { validationError } from './validation-error.ts';

/** Text that is not empty. */
export const text = z.string().min(1);

/** A boolean of the query protocol. */
export const flag = z.enum(['true', 'false']).transform((word) => word === 'true');

/** A list. The query protocol sends an empty one as an empty text. */
export function list<Schema extends z.ZodType>(element: Schema) {
  return z.preprocess((value) => (value === '' ? [] : value), z.array(element));
}

const parameter = z.strictObject({
  ParameterKey: text,
  ParameterValue: z.string().optional(),
  UsePreviousValue: flag.optional(),
});

/** A parameter that a request gives. */
export type GivenParameter = z.infer<typeof parameter>;

/**
 * How a deployment goes. STANDARD and EXPRESS differ in the rollback alone: here nothing is left to become stable.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentConfig.html
 */
export const deploymentConfig = z.strictObject({
  Mode: z.enum(['STANDARD', 'EXPRESS']).optional(),
  DisableRollback: flag.optional(),
});

/** Whether a failure is not rolled back. Undefined: the configuration does not say. */
export function disablesRollback(config: z.infer<typeof deploymentConfig> = {}): boolean | undefined {
  return config.DisableRollback ?? (config.Mode === 'EXPRESS' ? true : undefined);
}

/** Where a template comes from. */
export const templateSource = {
  TemplateBody: text.optional(),
  TemplateURL: text.optional(),
};

/** What CreateStack, UpdateStack and CreateChangeSet take alike. */
export const stackContent = {
  StackName: text,
  ...templateSource,
  Parameters: list(parameter).optional(),
  Capabilities: list(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'])).optional(),
  Tags: list(z.strictObject({ Key: text, Value: z.string() })).optional(),
  RoleARN: text.optional(),
  DeploymentConfig: deploymentConfig.optional(),
  NotificationARNs: list(text).optional(),
  ResourceTypes: list(text).optional(),
  RollbackConfiguration: z
    .strictObject({ RollbackTriggers: list(z.unknown()).optional(), MonitoringTimeInMinutes: z.string().optional() })
    .optional(),
};

/** Members that are valid on AWS and have no effect here. What to do without them, by name. */
const REFUSED: Readonly<Record<string, string>> = {
  NotificationARNs: 'no topic is told of stack events; read them with DescribeStackEvents',
  ResourceTypes: 'permissions by resource type do not exist here',
  StackPolicyBody: 'there are no stack policies here',
  StackPolicyURL: 'there are no stack policies here',
  StackPolicyDuringUpdateBody: 'there are no stack policies here',
  StackPolicyDuringUpdateURL: 'there are no stack policies here',
  TimeoutInMinutes: 'a creation here has no time limit',
  ResourcesToImport: 'resources are imported by their names, with ImportExistingResources',
};

/** Members of {@link refuseMembers} that a schema must know, so that they are refused with their reason. */
export const refusedMembers = {
  StackPolicyBody: text.optional(),
  StackPolicyURL: text.optional(),
  StackPolicyDuringUpdateBody: text.optional(),
  StackPolicyDuringUpdateURL: text.optional(),
  TimeoutInMinutes: text.optional(),
  ResourcesToImport: list(z.unknown()).optional(),
};

/** Throws AwsError `ValidationError` for a member that the endpoint cannot honour, and says what to do. */
export function refuseMembers(input: Readonly<Record<string, unknown>>): void {
  for (const [name, reason] of Object.entries(REFUSED)) {
    const value = input[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    throw validationError(`${name} is not supported by the local endpoint: ${reason}. Leave it out.`);
  }
}

/** The input in its type. Throws AwsError `ValidationError`. */
export const parseInput = createInputParser('ValidationError');

/** One page. `token` is what the last page's `NextToken` was. Throws AwsError `ValidationError`. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
  limit = 100,
): { items: readonly T[]; NextToken?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0) throw validationError('NextToken is not valid.');
  const end = start + limit;
  return { items: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
