import { type Command, CommanderError } from 'commander';

import { explain } from './explain.ts';
import { makeProgram } from './program.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Runs a program with these arguments (without node and script) and returns its exit code: 0, 1 or 2. Never throws. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  program: (terminal: Terminal) => Command = makeProgram,
): Promise<number> {
  try {
    await program(terminal).parseAsync(args, { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    // commander has printed it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    const explanation = explain(error, terminal.env);
    if (explanation !== undefined) {
      terminal.err(explanation.message);
      return explanation.exitCode;
    }
    terminal.err(`This is a defect of tweet-pipes:\n${error instanceof Error ? error.stack : error}`);
    return 2;
  }
}
