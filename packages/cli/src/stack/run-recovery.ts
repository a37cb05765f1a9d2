import { CliError } from '../cli-error.ts';
import { underWay } from '../explain.ts';
import { RecoveryError } from '../recovery/errors.ts';
import type { Surroundings } from '../recovery/surroundings.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Connection } from './connect.ts';

/** Runs a recovery on a stack. A refusal becomes exit code 1, anything that breaks it off 2, in words for people. */
export async function recover<T>(
  { clients, outputs }: Pick<Connection, 'clients' | 'outputs'>,
  terminal: Terminal,
  work: (on: Surroundings) => Promise<T>,
): Promise<T> {
  const on: Surroundings = {
    clients,
    stack: outputs,
    clock: terminal.clock,
    random: terminal.random,
    signal: terminal.interruptible(),
    note: terminal.err,
  };
  try {
    return await underWay(terminal, () => work(on));
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    throw new CliError(error.message, { exitCode: error.isRefusal ? 1 : 2, cause: error });
  }
}
