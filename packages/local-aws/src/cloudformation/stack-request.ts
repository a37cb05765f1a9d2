import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { TemplateError } from '../assembly/errors.ts';
import type { ParameterStore } from '../ssm/parameter-store.ts';
import { checkCapabilities } from './capabilities.ts';
import { type GivenParameter, refuseMembers } from './input.ts';
import { parameterValues, storedNames } from './parameter-values.ts';
import type { Stack, StackInput } from './stack.ts';
import { checkStackName } from './stack-name.ts';
import { refusal } from './template-refusal.ts';
import { type TemplateSource, templateText } from './template-source.ts';
import { parseTemplateText } from './template-text.ts';
import { validationError } from './validation-error.ts';

/** Where templates and parameters are looked up. */
export interface RequestSources {
  /** Called at each use: the endpoint starts after the service. */
  readonly clients: () => AwsClients;
  readonly parameters: Pick<ParameterStore, 'get'>;
  /** Makes a parameter that the endpoint brings along, if it is one. */
  provideParameter?(name: string): Promise<void>;
}

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface StackRequest extends TemplateSource {
  readonly StackName: string;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly GivenParameter[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined;
  readonly RoleARN?: string | undefined;
}

/**
 * What the stack shall become. `existing` is the stack as it is. Throws AwsError `ValidationError` and
 * `InsufficientCapabilitiesException`, before anything changes.
 */
export async function stackInput(
  request: StackRequest,
  existing: Stack | undefined,
  sources: RequestSources,
): Promise<StackInput> {
  refuseMembers({ ...request });
  const name = existing?.name ?? request.StackName;
  checkStackName(name);
  const text = (await templateText(request, sources.clients)) ?? previousText(request, existing);
  const template = parseTemplateText(text);
  checkCapabilities(template, request.Capabilities ?? []);
  const parameters = parameterValues(template, request.Parameters ?? [], existing?.parameters ?? {});
  await checkStored(storedNames(template, parameters), sources);
  const tags =
    request.Tags === undefined
      ? existing?.tags
      : Object.fromEntries(request.Tags.map(({ Key, Value }) => [Key, Value]));
  const roleArn = request.RoleARN ?? existing?.roleArn;
  return {
    name,
    templateText: text,
    parameters,
    capabilities: request.Capabilities ?? [],
    ...(tags !== undefined && { tags }),
    ...(roleArn !== undefined && { roleArn }),
  };
}

function previousText({ UsePreviousTemplate: isPrevious = false }: StackRequest, existing: Stack | undefined): string {
  if (!isPrevious) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  if (existing === undefined || existing.status === 'REVIEW_IN_PROGRESS') {
    throw validationError('UsePreviousTemplate is for a stack that exists.');
  }
  return existing.templateText;
}

async function checkStored(names: readonly string[], { parameters, provideParameter }: RequestSources): Promise<void> {
  await Promise.all(names.filter((name) => parameters.get(name) === undefined).map((name) => provideParameter?.(name)));
  const missing = names.filter((name) => parameters.get(name) === undefined);
  if (missing.length === 0) return;
  throw validationError(`Unable to fetch parameters [${missing.join(',')}] from parameter store for this account.`);
}

/** Runs a call of the engine, and answers a template that cannot run with every problem. */
export async function withRefusals<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof TemplateError ? refusal(error) : error;
  }
}
