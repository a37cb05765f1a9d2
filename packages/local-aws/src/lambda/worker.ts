import { flushCompileCache } from 'node:module';
import { format } from 'node:util';

import { RuntimeError, toFunctionError } from './function-error.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import type { Assignment, Invocation, WorkerMessage } from './messages.ts';

/**
 * The inside of one execution environment, run as a process of its own: loads the handler, then answers one invocation
 * after the other. What it prints travels by the same channel as its answers, so that a log is complete when the answer
 * is there.
 */
const send = process.send?.bind(process);
if (send === undefined) throw new Error('worker.ts runs as a forked process only');
// A function must not believe that somebody waits for its messages.
Reflect.deleteProperty(process, 'send');
const say = (message: WorkerMessage, said?: () => void): void => void send(message, undefined, undefined, said);

captureOutput();
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('uncaughtException', (error) => {
  say({ kind: 'fatal', error: toFunctionError(error) }, () => process.exit(1));
});
process.on('unhandledRejection', (reason) => {
  throw new RuntimeError(
    'Runtime.UnhandledPromiseRejection',
    reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason),
  );
});

const { folder, handler, hidesCompileCache } = await new Promise<Assignment>((resolve) =>
  process.once('message', resolve),
);
if (hidesCompileCache) Reflect.deleteProperty(process.env, 'NODE_COMPILE_CACHE');
try {
  const run = await loadHandler(folder, handler);
  process.on('message', (invocation: Invocation) => void answer(run, invocation));
  say({ kind: 'ready' });
  // By itself it would be written at the exit, and most of us are killed.
  if (hidesCompileCache) flushCompileCache();
} catch (error) {
  say({ kind: 'init-error', error: toFunctionError(error) });
}

async function answer(run: Handler, invocation: Invocation): Promise<void> {
  try {
    const { fault } = invocation;
    if (fault?.kind === 'throw') throw new Error('Injected fault: the function throws.');
    const running = run(JSON.parse(invocation.payload), contextOf(invocation));
    if (fault?.kind === 'crash') process.kill(process.pid, 'SIGKILL');
    const result = await running;
    if (fault?.kind === 'timeout') return;
    say({ kind: 'result', payload: serialize(result) });
  } catch (error) {
    say({ kind: 'error', error: toFunctionError(error) });
  }
}

function serialize(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(invocation: Invocation): object {
  const startedMs = performance.now();
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: invocation.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: String(invocation.memoryMb),
    awsRequestId: invocation.requestId,
    logGroupName: invocation.logGroup,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    ...(invocation.clientContext === undefined ? {} : { clientContext: JSON.parse(invocation.clientContext) }),
    getRemainingTimeInMillis: () => Math.max(0, Math.round(invocation.timeoutMs - (performance.now() - startedMs))),
  };
}

function captureOutput(): void {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', warn: 'WARN', error: 'ERROR' } as const;
  for (const [name, level] of Object.entries(levels)) {
    Reflect.set(console, name, (...values: unknown[]) => say({ kind: 'log', level, text: format(...values) }));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      say({ kind: 'log', level: undefined, text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
  }
}
