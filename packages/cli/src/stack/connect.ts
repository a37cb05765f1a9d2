import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import type { Command } from 'commander';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readStackOutputs, type StackOutputs } from './outputs.ts';
import { checkSecretKey } from './secret-key.ts';

/** A stack to work on. Whoever gets it calls `clients.destroy()` in the end. */
export interface Connection {
  clients: AwsClients;
  outputs: StackOutputs;
  /** Where the clients point, for people: the endpoint, or the AWS region. */
  endpoint: string;
}

/**
 * Finds the stack of the program's `--stack` at whatever the environment says. `maxAttempts` of the SDK, for a caller
 * that counts them itself. Throws what {@link ../explain.ts} explains.
 */
export async function connect(
  terminal: Terminal,
  command: Command,
  options: { maxAttempts?: number } = {},
): Promise<Connection> {
  const { stack } = z.object({ stack: z.string() }).parse(command.optsWithGlobals());
  const { clients, endpoint } = clientsOf(terminal, options);
  try {
    const outputs = await readStackOutputs(clients, stack);
    const region = await clients.cloudformation.config.region();
    return { clients, outputs, endpoint: endpoint ?? `AWS ${region}` };
  } catch (error) {
    clients.destroy();
    throw error;
  }
}

/**
 * Clients for whatever the environment says; nothing is asked yet. Throws CliError when the environment cannot be meant
 * so.
 */
export function clientsOf(
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
