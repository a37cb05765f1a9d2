import { DescribeStacksCommand, ListStacksCommand, paginateListStacks } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { unlessError } from '@tweet-pipes/kit/thrown';
import type * as z from 'zod';
import type { StackNames } from './stack-names.ts';

/** A stack of CloudFormation. */
export interface FoundStack {
  name: string;
  /** `CREATE_COMPLETE` */
  status: string;
  /** By key. */
  outputs: Record<string, string>;
}

/** Finds a stack by its name; undefined when there is none. Throws the SDK's error. */
export async function findStack(clients: AwsClients, stackName: string): Promise<FoundStack | undefined> {
  const description = clients.cloudformation.send(new DescribeStacksCommand({ StackName: stackName }));
  const found = await unlessError(description, 'ValidationError');
  const [stack] = found?.Stacks ?? [];
  if (stack === undefined) return undefined;
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return { name: stackName, status: String(stack.StackStatus), outputs: Object.fromEntries(outputs) };
}

/** The stacks of these names that are there, in this order. Throws the SDK's error. */
export async function findEach(clients: AwsClients, names: readonly string[]): Promise<FoundStack[]> {
  const found = await Promise.all(names.map((name) => findStack(clients, name)));
  return found.filter((stack) => stack !== undefined);
}

/** Where stacks are looked for. */
export interface StackPlace {
  readonly clients: AwsClients;
  /** The endpoint; undefined for AWS itself. */
  readonly endpoint: string | undefined;
  readonly stacks: Pick<StackNames, 'stack' | 'lakeStack' | 'salesStack'> & Partial<Pick<StackNames, 'isCoreNamed'>>;
}

/**
 * The stacks of the project that are there. At an endpoint all that stand now, the project's first, unless the caller
 * named one. Throws the SDK's error.
 */
export async function findStacks({ clients, endpoint, stacks }: StackPlace): Promise<FoundStack[]> {
  const isAll = endpoint !== undefined && stacks.isCoreNamed !== true;
  const others = isAll ? (await listStacks(clients)).map(({ name }) => name) : [];
  return findEach(clients, [...new Set([stacks.stack, stacks.lakeStack, stacks.salesStack, ...others])]);
}

/** A stack that stands, without its outputs. */
export interface ListedStack {
  name: string;
  /** Another text after each change of the stack. */
  version: string;
}

/** All stacks that stand, failed ones too, by name. Throws the SDK's error. */
export async function listStacks({ cloudformation }: Pick<AwsClients, 'cloudformation'>): Promise<ListedStack[]> {
  const listed: ListedStack[] = [];
  for await (const { StackSummaries = [] } of paginateListStacks({ client: cloudformation }, {})) {
    for (const { StackName: name, StackId, StackStatus, LastUpdatedTime } of StackSummaries) {
      if (name === undefined || StackStatus === 'DELETE_COMPLETE') continue;
      listed.push({ name, version: [StackId, StackStatus, LastUpdatedTime?.toISOString()].join(' ') });
    }
  }
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Stacks that are named where another one was not found. */
const mostNamed = 10;

/**
 * A sentence that names the stacks which are there, for messages about one that is not. Empty where they may not be
 * listed.
 */
export async function stacksThere(clients: AwsClients): Promise<string> {
  const StackStatusFilter = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] as const;
  const listed = await clients.cloudformation
    .send(new ListStacksCommand({ StackStatusFilter: [...StackStatusFilter] }))
    .catch(() => undefined);
  if (listed === undefined) return '';
  const names = (listed.StackSummaries ?? []).map(({ StackName }) => String(StackName)).sort();
  if (names.length === 0) return ' No stack is here.';
  const more = names.length > mostNamed ? ', …' : '';
  return ` These stacks are here: ${names.slice(0, mostNamed).join(', ')}${more}.`;
}

/** The outputs of a stack in the form that they must have. Throws CliError with the names of those that are missing. */
export function parseOutputs<T>({ name, status, outputs }: FoundStack, schema: z.ZodType<T>, what: string): T {
  const parsed = schema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new CliError(
    `The stack ${name} (${status}) lacks the outputs ${missing}: it is not ${what}, or not deployed to its end.`,
  );
}
