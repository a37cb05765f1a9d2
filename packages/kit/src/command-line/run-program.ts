import { type Command, CommanderError } from 'commander';
import { CliError, type ExitCode } from './cli-error.ts';
import type { ProcessTerminal } from './process-terminal.ts';

/** What a program prints about an error, and its exit code. */
export interface Explanation {
  message: string;
  exitCode: ExitCode;
}

/**
 * Runs a program with these arguments (without node and script) and returns its exit code: 0, 1 or 2. Never throws.
 * `explain` knows the errors beside CliError that can happen to a correct program.
 */
export async function runProgram(
  args: readonly string[],
  terminal: ProcessTerminal,
  program: () => Command | Promise<Command>,
  explain: (error: unknown) => Explanation | undefined = () => undefined,
): Promise<number> {
  let name = 'the program';
  try {
    const command = await program();
    name = command.name();
    await command.parseAsync(args, { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    // commander has printed it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    const explanation = error instanceof CliError ? error : explain(error);
    if (explanation !== undefined) {
      terminal.err(explanation.message);
      return explanation.exitCode;
    }
    terminal.err(`This is a defect of ${name}:\n${error instanceof Error ? error.stack : error}`);
    return 2;
  }
}
