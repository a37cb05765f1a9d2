import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Command } from 'commander';
import { clientsFromEnvironment } from '../stack/connect.ts';
import { findStacks } from '../stack/find-stack.ts';
import { noStack } from '../stack/outputs.ts';
import { stackNamesOf } from '../stack/stack-names.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { CallMeter, meterCalls } from './call-costs.ts';
import type { ConsoleContext } from './console-context.ts';
import { createStatusClients } from './status-clients.ts';

/**
 * What the page looks at, by the environment: the stacks that are there. Its owner destroys the clients. Throws
 * CliError when none is there, and when neither or both of AWS and an endpoint were chosen; else what
 * {@link ../explain.ts} explains.
 */
export async function openContext(terminal: Terminal, command: Command, isAws: boolean): Promise<ConsoleContext> {
  const { clients, endpoint } = clientsFromEnvironment(terminal);
  try {
    if (!isAws && endpoint === undefined) {
      throw new CliError(
        'AWS_ENDPOINT_URL is not set. For a stack that is deployed to AWS add --aws; the local runtime serves its page itself, at /_console of its endpoint.',
      );
    }
    if (isAws && endpoint !== undefined) {
      throw new CliError(
        `AWS_ENDPOINT_URL is ${endpoint}, which is not AWS. Unset it to look at AWS, or leave --aws out to look there.`,
      );
    }
    const names = stackNamesOf(command);
    const stacks = await findStacks({ clients, endpoint, stacks: names });
    if (stacks.length === 0) throw noStack(names.stack);
    const region = await clients.cloudformation.config.region();
    const { clock } = terminal;
    if (endpoint !== undefined && !isAws) {
      return { clients, statusClients: createStatusClients(endpoint), clock, place: 'local', endpoint, region, stacks };
    }
    const meter = new CallMeter(clock);
    await meterCalls(clients, meter);
    return { clients, clock, place: 'aws', region, stacks, callCosts: () => meter.costs };
  } catch (error) {
    clients.destroy();
    throw error;
  }
}
