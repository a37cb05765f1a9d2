import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { Command } from 'commander';
import { underWay } from '../explain.ts';
import type { RecoveryContext, RecoveryTools } from '../recovery/context.ts';
import { RecoveryError } from '../recovery/errors.ts';
import type { RedrivenPipes } from '../recovery/redrive.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { findLakes } from './athena-lakes.ts';
import { clientsFromEnvironment, withStack } from './connect.ts';
import { findStack } from './find-stack.ts';
import { findStackOutputs, noStack } from './outputs.ts';
import { stackNamesOf } from './stack-names.ts';

/**
 * Runs a recovery on the stack that `--stack` names. Throws CliError: exit code 1 when the recovery refuses, 2 when it
 * fails later.
 */
export function runRecovery<T>(
  terminal: Terminal,
  command: Command,
  work: (context: RecoveryContext) => Promise<T>,
): Promise<T> {
  return withStack(terminal, command, ({ clients, outputs }) =>
    recover(terminal, () => work({ ...toolsOf(terminal, clients), stack: outputs })),
  );
}

/**
 * Runs a recovery on the pipes of the stacks that are there: of the one that `--stack` names, and of both lakes. Throws
 * CliError: exit code 1 when none is there, or not one that was named, or the recovery refuses, 2 when it fails later.
 */
export async function runRedrive<T>(
  terminal: Terminal,
  command: Command,
  work: (tools: RecoveryTools, pipes: RedrivenPipes) => Promise<T>,
): Promise<T> {
  const stacks = stackNamesOf(command);
  const { stack, lakeStack, salesStack, isCoreNamed } = stacks;
  const { clients } = clientsFromEnvironment(terminal);
  try {
    await findLakes(clients, stacks);
    const core = await findStackOutputs(clients, stack);
    const others: string[] = [];
    for (const name of [lakeStack, salesStack]) others.push(...pipesOf((await findStack(clients, name))?.outputs));
    if (core === undefined && (isCoreNamed || others.length === 0)) throw noStack(stack);
    return await recover(terminal, () => work(toolsOf(terminal, clients), { core, others }));
  } finally {
    clients.destroy();
  }
}

/** The pipes that the outputs of a stack name: `OrderPipeName`. */
function pipesOf(outputs: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(outputs).flatMap(([key, value]) => (key.endsWith('PipeName') ? [value] : []));
}

function toolsOf(terminal: Terminal, clients: RecoveryTools['clients']): RecoveryTools {
  const { clock, random, err: note } = terminal;
  return { clients, clock, random, signal: terminal.interruptible(), note };
}

async function recover<T>(terminal: Terminal, work: () => Promise<T>): Promise<T> {
  try {
    return await underWay(terminal, work);
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    throw new CliError(error.message, { exitCode: error.isRefusal ? 1 : 2, cause: error });
  }
}
