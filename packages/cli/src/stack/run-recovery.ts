import type { Command } from 'commander';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { underWay } from '../explain.ts';
import type { RecoveryContext } from '../recovery/context.ts';
import { RecoveryError } from '../recovery/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { withStack } from './connect.ts';
import { findStack } from './find-stack.ts';

/**
 * Runs a recovery on the stack that `--stack` names, and on the pipes of the lake, if it is there. Throws CliError:
 * exit code 1 when the recovery refuses, 2 when it fails later.
 */
export function runRecovery<T>(
  terminal: Terminal,
  command: Command,
  work: (context: RecoveryContext) => Promise<T>,
): Promise<T> {
  return withStack(terminal, command, async ({ clients, outputs }) => {
    const { lakeStack } = z.object({ lakeStack: z.string() }).parse(command.optsWithGlobals());
    const lake = await findStack(clients, lakeStack);
    const context: RecoveryContext = {
      clients,
      stack: outputs,
      otherPipes: pipesOf(lake?.outputs ?? {}),
      clock: terminal.clock,
      random: terminal.random,
      signal: terminal.interruptible(),
      note: terminal.err,
    };
    try {
      return await underWay(terminal, () => work(context));
    } catch (error) {
      if (!(error instanceof RecoveryError)) throw error;
      throw new CliError(error.message, { exitCode: error.isRefusal ? 1 : 2, cause: error });
    }
  });
}

/** The pipes that the outputs of a stack name: `SentimentPipeName`. */
function pipesOf(outputs: Readonly<Record<string, string>>): string[] {
  return Object.entries(outputs).flatMap(([key, value]) => (key.endsWith('PipeName') ? [value] : []));
}
