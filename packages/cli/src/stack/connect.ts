import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { type AthenaLake, findLakes, readAthenaLake, readAthenaLakes } from './athena-lakes.ts';
import { type FoundStack, findStack } from './find-stack.ts';
import { type LakeOutputs, readLakeOutputs } from './lake-outputs.ts';
import { findStackOutputs, noStack, readStackOutputs, type StackOutputs } from './outputs.ts';
import type { SalesOutputs } from './sales-outputs.ts';
import { checkSecretKey } from './secret-key.ts';
import { stackNamesOf } from './stack-names.ts';

/** A stack to work on. */
export interface Connection {
  /** The owner of the connection destroys them. */
  clients: AwsClients;
  outputs: StackOutputs;
  /** Where the clients point, as text to print: the endpoint, or the AWS region. */
  endpoint: string;
}

/**
 * Connects to the stack that the program's `--stack` names, with the endpoint and the credentials of the environment.
 * `maxAttempts` configures the SDK; default: the SDK's. Throws what {@link ../explain.ts} explains.
 */
export async function connect(
  terminal: Terminal,
  command: Command,
  options: { maxAttempts?: number } = {},
): Promise<Connection> {
  const { stack } = stackNamesOf(command);
  const { clients, endpoint } = clientsFromEnvironment(terminal, options);
  try {
    const outputs = await readStackOutputs(clients, stack);
    return { clients, outputs, endpoint: await placeOf(clients, endpoint) };
  } catch (error) {
    clients.destroy();
    throw error;
  }
}

/**
 * Reads the outputs of the stack that `--stack` names; without the option, of those of the core and both lakes that
 * are there. Throws CliError when none is, or not a lake that was named.
 */
export async function readOutputs(terminal: Terminal, command: Command): Promise<Readonly<Record<string, string>>> {
  const stacks = stackNamesOf(command);
  const { stack, lakeStack, salesStack, isCoreNamed } = stacks;
  const { clients } = clientsFromEnvironment(terminal);
  try {
    await findLakes(clients, stacks);
    const found: FoundStack[] = [];
    for (const name of isCoreNamed ? [stack] : [stack, lakeStack, salesStack]) {
      const one = await findStack(clients, name);
      if (one !== undefined) found.push(one);
    }
    if (found.length === 0) throw noStack(stack);
    return Object.assign({}, ...found.map(({ outputs }) => outputs));
  } finally {
    clients.destroy();
  }
}

/** Connects as {@link connect} does, does the work, and destroys the clients. Throws what either throws. */
export async function withStack<T>(
  terminal: Terminal,
  command: Command,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  const connection = await connect(terminal, command);
  try {
    return await work(connection);
  } finally {
    connection.clients.destroy();
  }
}

/** The stacks that are there: the core, the sales lake, or both. */
export interface StacksConnection extends Pick<Connection, 'clients' | 'endpoint'> {
  outputs: StackOutputs | undefined;
  tweets: LakeOutputs | undefined;
  sales: SalesOutputs | undefined;
}

/**
 * Connects to the core and both lakes, does the work, and destroys the clients. Throws CliError when neither the core
 * nor the sales lake is there, or not one that was named, and what either throws.
 */
export async function withStacks<T>(
  terminal: Terminal,
  command: Command,
  work: (connection: StacksConnection) => Promise<T>,
): Promise<T> {
  const stacks = stackNamesOf(command);
  const { clients, endpoint } = clientsFromEnvironment(terminal);
  try {
    const outputs = await findStackOutputs(clients, stacks.stack);
    const lakes = await findLakes(clients, stacks);
    if (outputs === undefined && (stacks.isCoreNamed || lakes.sales === undefined)) throw noStack(stacks.stack);
    return await work({ clients, endpoint: await placeOf(clients, endpoint), outputs, ...lakes });
  } finally {
    clients.destroy();
  }
}

async function placeOf({ cloudformation }: AwsClients, endpoint: string | undefined): Promise<string> {
  return endpoint ?? `AWS ${await cloudformation.config.region()}`;
}

/** The lake to work on. */
export interface LakeConnection {
  clients: AwsClients;
  lake: LakeOutputs;
  /** Name of the core's stack, which the lake stands beside. */
  coreStack: string;
  /** The endpoint; undefined for AWS itself. */
  endpoint: string | undefined;
}

/**
 * Connects to the lake that the program's `--lake-stack` names, does the work, and destroys the clients. Throws what
 * either throws.
 */
export async function withLake<T>(
  terminal: Terminal,
  command: Command,
  work: (connection: LakeConnection) => T | Promise<T>,
): Promise<T> {
  const { stack, lakeStack } = stackNamesOf(command);
  const { clients, endpoint } = clientsFromEnvironment(terminal);
  try {
    const lake = await readLakeOutputs(clients, lakeStack);
    return await work({ clients, lake, coreStack: stack, endpoint });
  } finally {
    clients.destroy();
  }
}

/** Lakes to ask. */
export interface AthenaConnection {
  clients: AwsClients;
  /** The chosen one, or all that are there. */
  lakes: readonly [AthenaLake, ...AthenaLake[]];
  /** Name of the core's stack. */
  coreStack: string;
  /** The endpoint; undefined for AWS itself. */
  endpoint: string | undefined;
}

/**
 * Connects to the lakes that are there or, with `lake`, to that one, does the work, and destroys the clients. Throws
 * what either throws.
 */
export async function withAthena<T>(
  terminal: Terminal,
  command: Command,
  lake: 'tweets' | 'sales' | undefined,
  work: (connection: AthenaConnection) => T | Promise<T>,
): Promise<T> {
  const stacks = stackNamesOf(command);
  const { clients, endpoint } = clientsFromEnvironment(terminal);
  try {
    const lakes =
      lake === undefined
        ? await readAthenaLakes(clients, stacks)
        : ([await readAthenaLake(clients, lake, stacks)] as const);
    return await work({ clients, lakes, coreStack: stacks.stack, endpoint });
  } finally {
    clients.destroy();
  }
}

/**
 * Creates clients for the endpoint and the credentials of the environment, without a call. Throws CliError when
 * `AWS_ENDPOINT_URL` is no URL or the secret key stands under an old name.
 */
export function clientsFromEnvironment(
  terminal: Terminal,
  options: { maxAttempts?: number } = {},
): { clients: AwsClients; endpoint: string | undefined } {
  checkSecretKey(terminal);
  const endpoint = terminal.env.AWS_ENDPOINT_URL || undefined;
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new CliError(
      `AWS_ENDPOINT_URL is ${JSON.stringify(endpoint)}, but must be a URL such as http://127.0.0.1:4566.`,
    );
  }
  return { clients: createClients({ ...options, ...(endpoint === undefined ? {} : { endpoint }) }), endpoint };
}
