import { createServer } from 'node:net';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { plural } from '@tweet-pipes/kit/wording';
import { PortInUseError, type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { paceTable, readPaceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { CliError } from '../cli-error.ts';
import type { ConsoleContext } from '../console/console-context.ts';
import { createConsole } from '../console/create-console.ts';
import { createStatusClients } from '../console/status-clients.ts';
import { environmentLines } from '../explain.ts';
import type { RuntimeFlags } from '../options/runtime-options.ts';
import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '../project-folder.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { growHeapSlowly, keepNewSpaceSize } from './heap.ts';
import { type LocalRuntime, localRuntimeAt } from './local-runtime.ts';
import { npmProcessId, whenEnded } from './npm-process.ts';
import { quarantineNotice } from './quarantine-notice.ts';

const defaultPort = 4566;

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

/** Synthesizes the app and runs its stacks. Throws CliError, exit code 1, with the runtime's message when it cannot. */
export async function boot(flags: RuntimeFlags, terminal: Terminal): Promise<Booted> {
  const startMs = terminal.clock.now();
  const stopped = new AbortController();
  const signal = AbortSignal.any([terminal.interruptible(), stopped.signal]);
  let failure: Error | undefined;
  const npmId = npmProcessId(terminal.env);
  let context: ConsoleContext | undefined;
  const port = await choosePort(flags.port, terminal);
  growHeapSlowly();
  terminal.err('Synthesizing the stacks and starting the runtime …');
  try {
    const runtime = await startRuntime({
      signal: terminal.interruptible(),
      appFolder: PROJECT_FOLDER,
      assemblyCacheFolder: ASSEMBLY_CACHE_FOLDER,
      dataFolder: flags.data,
      fresh: flags.fresh ?? false,
      // The functions of other stacks do not run, so their code is not needed.
      context: { 'aws:cdk:bundling-stacks': flags.stacks, ...flags.context },
      streamMegabytes: flags.streamMegabytes,
      stacks: flags.stacks,
      port,
      allowOrigins: flags.allowOrigin,
      allowHosts: flags.allowHost,
      pages: { '/_console': createConsole({ context: () => context, log: terminal.err }) },
      ...(flags.faults === undefined ? {} : { faults: flags.faults }),
      ...(flags.likeAws === undefined
        ? {}
        : { likeAws: flags.likeAws === true ? paceTable() : await readPaceTable(flags.likeAws) }),
      slowMotion: flags.slowMotion,
      clock: terminal.clock,
      random: terminal.random,
      log: terminal.err,
      intercept: quarantineNotice(terminal.err, terminal.clock),
      onFailure(error) {
        failure = error;
        stopped.abort();
      },
    });
    context = {
      clients: createClients({ endpoint: runtime.endpoint, accessKeyId: 'console' }),
      statusClients: createStatusClients(runtime.endpoint),
      clock: terminal.clock,
      place: 'local',
      endpoint: runtime.endpoint,
      region: terminal.env.AWS_REGION || 'us-east-1',
      stacks: runtime.stacks,
    };
    const { clients, statusClients } = context;
    signal.addEventListener(
      'abort',
      () => {
        clients.destroy();
        statusClients?.destroy();
      },
      { once: true },
    );
    keepNewSpaceSize();
    const readySeconds = (terminal.clock.now() - startMs) / 1000;
    const stacks = runtime.stacks.map(({ name }) => name).join(', ');
    terminal.err(
      `Ready in ${readySeconds.toFixed(1)} s at ${runtime.endpoint}, ${stacks}, data in ${runtime.dataFolder}.`,
    );
    if (flags.allowOrigin.length > 0) {
      terminal.err(`Web pages of ${flags.allowOrigin.join(', ')} may call it (--allow-origin).`);
    }
    if (runtime.faults.length > 0) {
      terminal.err('Fault injection is ON (--faults):');
      for (const line of runtime.faults) terminal.err(`  ${line}`);
    }
    if (flags.likeAws !== undefined) terminal.err('Calls are as slow as on AWS (--like-aws), and limited as there.');
    if (flags.slowMotion !== 1) terminal.err(`Slow motion (--slow-motion): one second here lasts ${flags.slowMotion}.`);
    return { runtime, readySeconds, signal, failure: () => failure, npmId };
  } catch (error) {
    if (terminal.interruptible().aborted) throw new CliError('Interrupted.', { cause: error });
    throw isExpected(error) ? new CliError(error.message, { cause: error }) : error;
  }
}

/** Prints what is inert on this machine, and the lines to paste into a shell. */
export function printBanner({ runtime }: Booted, terminal: Terminal, print: (line: string) => void): void {
  print('');
  print(terminal.bold('In the template, but inert on this machine (docs/feature-support.md says why):'));
  const columns = Math.min(110, (terminal.size?.columns ?? 112) - 2);
  for (const line of wrapped(inertByType(runtime.inert), columns)) print(`  ${line}`);
  const comprehend = runtime.inert.find(({ what }) => what.endsWith(' Comprehend'));
  if (comprehend !== undefined) print(`Comprehend: ${comprehend.reason}`);
  print(`Firehose writes after at most ${runtime.maxBufferIntervalSeconds} s here, whatever the stack says.`);
  print('');
  print(`Look inside: ${runtime.endpoint}/_console`);
  print('');
  print(terminal.bold('Use it from another shell, with any AWS SDK, boto3, the AWS CLI or npx tweet-pipes:'));
  for (const line of environmentLines(runtime.endpoint, terminal.env.AWS_REGION || undefined)) print(`  ${line}`);
}

/** Prints how many faults happened, by kind; nothing without --faults. */
export function printFaults({ runtime }: Booted, terminal: Terminal): void {
  if (runtime.faults.length === 0) return;
  const counts = Object.entries(runtime.faultCounts()).map(([kind, count]) => `${kind} ${count}`);
  terminal.err(`Injected faults so far: ${counts.join(', ') || 'none'}.`);
}

/** Prints how many calls were slowed down, throttled and refused; nothing without --like-aws. */
export function printPace({ runtime }: Booted, terminal: Terminal): void {
  const counts = runtime.paceCounts();
  if (counts === undefined) return;
  const { calls, throttledWrites, throttledReads, refusedRecords } = counts;
  terminal.err(
    `Like AWS so far: ${plural(calls, 'call')} as slow as there; throttled ${plural(throttledWrites, 'write')} and ${plural(throttledReads, 'read')} of single items; refused ${plural(refusedRecords, 'record')} of full shards.`,
  );
}

/** Serves until Ctrl-C, or until npm's process ends. Throws CliError, exit code 2, when an engine fails. */
export async function serve(booted: Booted, terminal: Terminal): Promise<void> {
  const { signal, npmId } = booted;
  terminal.err('Serving; Ctrl-C stops.');
  if (npmId === undefined) await whenAborted(signal);
  else await whenEnded(npmId, terminal.clock, signal);
  if (!signal.aborted) terminal.err('npm, which ran this program, has ended.');
  const failure = booted.failure();
  printFaults(booted, terminal);
  printPace(booted, terminal);
  if (failure === undefined) return terminal.err('Stopping …');
  throw new CliError(`The runtime failed: ${failure.message}`, { exitCode: 2, cause: failure });
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

/** `S3::Bucket (BucketEncryption, …)` for properties, `IAM::Role` for what is inert as a whole. */
function inertByType(inert: readonly { what: string }[]): string[] {
  const types = new Map<string, string[]>();
  for (const { what } of inert) {
    const [type = what, property] = what.replace(/^AWS::/, '').split(' ');
    types.set(type, [...(types.get(type) ?? []), ...(property === undefined ? [] : [property])]);
  }
  return [...types].map(([type, properties]) =>
    properties.length === 0 ? type : `${type} (${properties.join(', ')})`,
  );
}

function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= width) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines;
}

/** The chosen port, else the default one, else 0 for any. Throws CliError when the chosen port is in use. */
async function choosePort(chosen: number | undefined, terminal: Terminal): Promise<number> {
  if (await isFree(chosen ?? defaultPort)) return chosen ?? defaultPort;
  const runtime = await localRuntimeAt(`http://127.0.0.1:${chosen ?? defaultPort}`);
  if (chosen !== undefined) {
    throw new CliError(runtime ? runtimeThere(chosen, runtime) : new PortInUseError(chosen, undefined).message);
  }
  const by = runtime === undefined ? '' : ` by ${named(runtime)}`;
  terminal.err(`Port ${defaultPort} is in use${by}, so a free one is taken; --port chooses.`);
  return 0;
}

/** Says that a runtime is there already, and what to do. */
function runtimeThere(port: number, runtime: LocalRuntime): string {
  return `Port ${port} on 127.0.0.1 is in use by ${named(runtime)}. Use it (export AWS_ENDPOINT_URL=http://127.0.0.1:${port}), stop it (Ctrl-C where it runs), or choose another port with --port <number> (0 takes any).`;
}

function named({ dataFolder, processId }: LocalRuntime): string {
  const facts = [
    ...(processId === undefined ? [] : [`process id ${processId}`]),
    ...(dataFolder === undefined ? [] : [`data in ${dataFolder}`]),
  ];
  return `a tweet-pipes runtime${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
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
