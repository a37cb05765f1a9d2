import { createServer } from 'node:net';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { ProcessTerminal } from '@tweet-pipes/kit/command-line/process-terminal';
import { plural } from '@tweet-pipes/kit/wording';
import { describeIgnored } from '../assembly/ignored.ts';
import { type PaceTable, PortInUseError, type Runtime, type RuntimeOptions, startRuntime } from '../runtime.ts';
import { watchFolder } from '../watch/folder-changes.ts';
import { watchApp } from '../watch/watch-app.ts';
import { growHeapSlowly, keepNewSpaceSize } from './heap.ts';
import { type LocalRuntime, localRuntimeAt } from './local-runtime.ts';
import { npmProcessId, whenEnded } from './npm-process.ts';
import type { RuntimeFlags } from './runtime-options.ts';

const DEFAULT_PORT = 4566;

/** A runtime that serves. */
export interface Booted {
  runtime: Runtime;
  readySeconds: number;
  /** Aborts on Ctrl-C or when an engine fails. */
  signal: AbortSignal;
  /** The error of the engine that failed, after which nothing works; undefined while all is well. */
  failure(): Error | undefined;
  /** The npm or npx that runs this program; undefined without one. */
  npmId: number | undefined;
}

/**
 * Starts a runtime as the flags say, and says on standard error what it does. `options` has what no flag says, such as
 * the app. `startMs` is when the command began. Throws CliError, exit code 1, with the runtime's message when it
 * cannot.
 */
export async function boot(
  flags: RuntimeFlags,
  options: RuntimeOptions,
  terminal: ProcessTerminal,
  startMs = terminal.clock.now(),
): Promise<Booted> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([terminal.interruptible(), stopped.signal]);
  let failure: Error | undefined;
  const npmId = npmProcessId(terminal.env);
  const port = await choosePort(flags.port, terminal);
  growHeapSlowly();
  terminal.err(
    options.empty || options.assemblyFolder !== undefined
      ? 'Starting the runtime …'
      : 'Synthesizing the stacks and starting the runtime …',
  );
  try {
    const runtime = await startRuntime({
      ...(await runtimeOptions(flags)),
      ...options,
      signal: terminal.interruptible(),
      port,
      clock: terminal.clock,
      log: terminal.err,
      onFailure(error) {
        failure = error;
        stopped.abort();
      },
    });
    keepNewSpaceSize();
    const readySeconds = (terminal.clock.now() - startMs) / 1000;
    printStart(runtime, readySeconds, flags, terminal);
    return { runtime, readySeconds, signal, failure: () => failure, npmId };
  } catch (error) {
    if (terminal.interruptible().aborted) throw new CliError('Interrupted.', { cause: error });
    throw isExpected(error) ? new CliError(error.message, { cause: error }) : error;
  }
}

/** What the flags say to the runtime, without the port. */
async function runtimeOptions(flags: RuntimeFlags): Promise<RuntimeOptions> {
  const { faults, likeAws } = flags;
  return {
    dataFolder: flags.data,
    fresh: flags.fresh ?? false,
    ignoreUnsupported: flags.ignoreUnsupported,
    streamMegabytes: flags.streamMegabytes,
    allowOrigins: flags.allowOrigin,
    allowHosts: flags.allowHost,
    ...(faults !== undefined && { faults }),
    ...(likeAws !== undefined && { likeAws: await paceOf(likeAws) }),
    slowMotion: flags.slowMotion,
    roles: flags.roles,
  };
}

/** The figures of `--like-aws`, or those of the file that it names. */
async function paceOf(likeAws: true | string): Promise<PaceTable> {
  const { paceTable, readPaceTable } = await import('../pace/pace-table.ts');
  return likeAws === true ? paceTable() : readPaceTable(likeAws);
}

/** The stacks that are there: those of the app, and those that clients deployed, with a status that is no success. */
export function namesOfStacks({ stacks, deployedStacks }: Pick<Runtime, 'stacks' | 'deployedStacks'>): string {
  const others = deployedStacks.map(({ name, status }) =>
    status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' ? name : `${name} (${status})`,
  );
  return [...stacks.map(({ name }) => name), ...others].join(', ') || 'no stack';
}

function printStart(runtime: Runtime, readySeconds: number, flags: RuntimeFlags, terminal: ProcessTerminal): void {
  const stacks = namesOfStacks(runtime);
  terminal.err(
    `Ready in ${readySeconds.toFixed(1)} s at ${runtime.endpoint}, ${stacks}, data in ${runtime.dataFolder}.`,
  );
  for (const each of runtime.ignored) terminal.err(describeIgnored(each));
  if (flags.allowOrigin.length > 0) {
    terminal.err(`Web pages of ${flags.allowOrigin.join(', ')} may call it (--allow-origin).`);
  }
  if (runtime.faults.length > 0) {
    terminal.err('Fault injection is ON (--faults):');
    for (const line of runtime.faults) terminal.err(`  ${line}`);
  }
  if (flags.roles === 'off') terminal.err('Roles are OFF (--roles off): whatever a role lacks shows on AWS only.');
  if (flags.likeAws !== undefined) terminal.err('Calls are as slow as on AWS (--like-aws), and limited as there.');
  if (flags.slowMotion !== 1) terminal.err(`Slow motion (--slow-motion): one second here lasts ${flags.slowMotion}.`);
}

/** Prints how many faults happened, by kind; nothing without --faults. */
export function printFaults({ runtime }: Booted, terminal: Pick<ProcessTerminal, 'err'>): void {
  if (runtime.faults.length === 0) return;
  const counts = Object.entries(runtime.faultCounts()).map(([kind, count]) => `${kind} ${count}`);
  terminal.err(`Injected faults so far: ${counts.join(', ') || 'none'}.`);
}

/** Prints how many calls were slowed down, throttled and refused; nothing without --like-aws. */
export function printPace({ runtime }: Booted, terminal: Pick<ProcessTerminal, 'err'>): void {
  const counts = runtime.paceCounts();
  if (counts === undefined) return;
  const { calls, throttledWrites, throttledReads, refusedRecords } = counts;
  terminal.err(
    `Like AWS so far: ${plural(calls, 'call')} as slow as there; ` +
      `throttled ${plural(throttledWrites, 'write')} and ${plural(throttledReads, 'read')} of single items; ` +
      `refused ${plural(refusedRecords, 'record')} of full shards.`,
  );
}

/**
 * Serves until Ctrl-C, or until npm's process ends; with `--watch` it follows the app in `watched`. Throws CliError,
 * exit code 2, when an engine fails.
 */
export async function serve(
  booted: Booted,
  terminal: ProcessTerminal,
  { watch, watched }: { watch?: true | undefined; watched: string },
): Promise<void> {
  const { npmId } = booted;
  const npmEnded = new AbortController();
  const signal = AbortSignal.any([booted.signal, npmEnded.signal]);
  if (npmId !== undefined) {
    void whenEnded(npmId, terminal.clock, signal).then(() => {
      if (signal.aborted) return;
      terminal.err('npm, which ran this program, has ended.');
      npmEnded.abort();
    });
  }
  terminal.err('Serving; Ctrl-C stops.');
  await (watch ? followApp(booted.runtime, watched, terminal, signal) : whenAborted(signal));
  const failure = booted.failure();
  printFaults(booted, terminal);
  printPace(booted, terminal);
  if (failure === undefined) return terminal.err('Stopping …');
  throw new CliError(`The runtime failed: ${failure.message}`, { exitCode: 2, cause: failure });
}

async function followApp(
  runtime: Runtime,
  folder: string,
  terminal: ProcessTerminal,
  signal: AbortSignal,
): Promise<void> {
  const { clock, err: print } = terminal;
  const changes = watchFolder(folder, [runtime.dataFolder]);
  try {
    await watchApp({ changes, deploy: () => runtime.deploy({ isRepeated: true }), clock, print }, signal);
  } finally {
    changes.stop();
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

/** The chosen port, else the default one, else 0 for any. Throws CliError when the chosen port is in use. */
async function choosePort(chosen: number | undefined, terminal: ProcessTerminal): Promise<number> {
  if (await isFree(chosen ?? DEFAULT_PORT)) return chosen ?? DEFAULT_PORT;
  const runtime = await localRuntimeAt(`http://127.0.0.1:${chosen ?? DEFAULT_PORT}`);
  if (chosen !== undefined) {
    throw new CliError(runtime ? runtimeThere(chosen, runtime) : new PortInUseError(chosen, undefined).message);
  }
  const by = runtime === undefined ? '' : ` by ${named(runtime)}`;
  terminal.err(`Port ${DEFAULT_PORT} is in use${by}, so a free one is taken; --port chooses.`);
  return 0;
}

/** Says that a runtime is there already, and what to do. */
function runtimeThere(port: number, runtime: LocalRuntime): string {
  return (
    `Port ${port} on 127.0.0.1 is in use by ${named(runtime)}. ` +
    `Use it (export AWS_ENDPOINT_URL=http://127.0.0.1:${port}), stop it (Ctrl-C where it runs), ` +
    'or choose another port with --port <number> (0 takes any).'
  );
}

function named({ dataFolder, processId }: LocalRuntime): string {
  const facts = [
    ...(processId === undefined ? [] : [`process id ${processId}`]),
    ...(dataFolder === undefined ? [] : [`data in ${dataFolder}`]),
  ];
  return `a local runtime${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const native = /^(Error|AggregateError|EvalError|RangeError|ReferenceError|SyntaxError|TypeError|URIError)$/;

/** The runtime gives each expected error a name of its own; other names are defects. */
function isExpected(error: unknown): error is Error {
  return error instanceof Error && !native.test(error.name);
}
