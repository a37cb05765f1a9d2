import { runProgram } from '@tweet-pipes/kit/command-line/run-program';
import type { Command } from 'commander';
import { explain } from './explain.ts';
import { makeProgram } from './program.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Runs a program with these arguments (without node and script) and returns its exit code: 0, 1 or 2. Never throws. */
export function run(
  args: readonly string[],
  terminal: Terminal,
  program: (terminal: Terminal) => Command | Promise<Command> = () => makeProgram(terminal, args),
): Promise<number> {
  return runProgram(
    args,
    terminal,
    () => program(terminal),
    (error) => explain(error, terminal.env),
  );
}
