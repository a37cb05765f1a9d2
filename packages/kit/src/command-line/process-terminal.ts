import { type Clock, systemClock } from '../clock.ts';
import type { ExitCode } from './cli-error.ts';

/** The process as a program sees it. Tests pass their own and run the program in their process. */
export interface ProcessTerminal {
  /** For results: standard output, with a line end added. */
  out(line: string): void;
  /** For everything else: standard error, with a line end added. */
  err(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** From now on the first Ctrl-C (or SIGTERM) aborts the signal; the second ends the process at once. */
  interruptible(): AbortSignal;
  /** The exit code of a program that throws no error; a command sets it when it found something wrong. */
  exitCode: ExitCode;
}

/** The terminal of this process. */
export function processTerminal(): ProcessTerminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `program | head -1` closes the pipe early. That is no error.
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`Standard output cannot be written: ${error.message}.\n`);
    process.exit(2);
  });
  process.stderr.on('error', () => {}); // Nothing is left to say it on.
  let interrupted: AbortController | undefined;
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    env: process.env,
    clock: systemClock,
    interruptible() {
      if (interrupted === undefined) {
        const controller = new AbortController();
        interrupted = controller;
        const onSignal = () => (controller.signal.aborted ? process.exit(130) : controller.abort());
        process.on('SIGINT', onSignal);
        process.on('SIGTERM', onSignal);
      }
      return interrupted.signal;
    },
    exitCode: 0,
  };
}
