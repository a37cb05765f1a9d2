import { createServer } from 'node:net';

import { PortInUseError } from '../local/gateway/port-in-use-error.ts';
import { type Runtime, startRuntime } from '../local/runtime.ts';
import { CliError } from './cli-error.ts';
import type { RuntimeFlags } from './commands/runtime-flags.ts';
import { environmentLines } from './explain.ts';
import type { Terminal } from './terminal.ts';

const defaultPort = 4566;

/** A runtime that answers, and the signal that says that it should not any more. */
export interface Booted {
  runtime: Runtime;
  readySeconds: number;
  /** Aborts when the person interrupts or an engine fails. */
  signal: AbortSignal;
  /** Set when an engine failed: nothing works any more. */
  failure(): Error | undefined;
}

/** Synthesizes the stack and runs it. Throws CliError with exit code 1 and the runtime's own words when it cannot. */
export async function boot(flags: RuntimeFlags, stack: string, terminal: Terminal): Promise<Booted> {
  const startMs = terminal.clock.now();
  const stopped = new AbortController();
  const signal = AbortSignal.any([terminal.interruptible(), stopped.signal]);
  let failure: Error | undefined;
  const port = await choosePort(flags.port, terminal);
  terminal.err('Synthesizing the stack and starting the runtime …');
  try {
    const runtime = await startRuntime({
      dataFolder: flags.data,
      fresh: flags.fresh ?? false,
      context: flags.context,
      stack,
      port,
      clock: terminal.clock,
      random: terminal.random,
      log: terminal.err,
      onFailure(error) {
        failure = error;
        stopped.abort();
      },
    });
    const readySeconds = (terminal.clock.now() - startMs) / 1000;
    terminal.err(`Ready in ${readySeconds.toFixed(1)} s at ${runtime.endpoint}, data in ${runtime.dataFolder}.`);
    return { runtime, readySeconds, signal, failure: () => failure };
  } catch (error) {
    throw isForPeople(error) ? new CliError(error.message, { cause: error }) : error;
  }
}

/** What to paste into a shell, and what does nothing here. */
export function printBanner({ runtime }: Booted, terminal: Terminal, print: (line: string) => void): void {
  print('');
  print(terminal.bold('Use it with any AWS SDK, boto3 or the AWS CLI:'));
  for (const line of environmentLines(runtime.endpoint, terminal.env.AWS_REGION)) print(`  ${line}`);
  print('');
  print(`Here Firehose writes after at most ${runtime.maxBufferIntervalSeconds} s, whatever the stack says.`);
  print(`In the template but inert here: ${runtime.inert.map(({ what }) => what).join(', ') || 'nothing'}.`);
  print('docs/feature-support.md says why, and what else runs here.');
}

/** Serves until Ctrl-C. Sets exit code 2 and says why when an engine failed. */
export async function serve(booted: Booted, terminal: Terminal): Promise<void> {
  terminal.err('Serving; Ctrl-C stops.');
  if (!booted.signal.aborted) await new Promise((resolve) => booted.signal.addEventListener('abort', resolve));
  const failure = booted.failure();
  if (failure === undefined) return terminal.err('Stopping …');
  throw new CliError(`The runtime failed: ${failure.message}`, { exitCode: 2, cause: failure });
}

/** The port that was asked for, else the usual one, else any. A taken port is told before anything is started. */
async function choosePort(chosen: number | undefined, terminal: Terminal): Promise<number> {
  if (await isFree(chosen ?? defaultPort)) return chosen ?? defaultPort;
  if (chosen !== undefined) throw new CliError(new PortInUseError(chosen, undefined).message);
  terminal.err(`Port ${defaultPort} is in use, so a free one is taken; --port chooses.`);
  return 0;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const native = /^(Error|AggregateError|EvalError|RangeError|ReferenceError|SyntaxError|TypeError|URIError)$/;

/** The runtime gives each error that it expects a name of its own. */
function isForPeople(error: unknown): error is Error {
  return error instanceof Error && !native.test(error.name);
}
