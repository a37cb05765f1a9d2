import { flushCompileCache } from 'node:module';
import { format } from 'node:util';

import { RuntimeError, toFunctionError } from './function-error.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import type { Assignment, Invocation, WorkerMessage } from './messages.ts';

/**
 * The process of one execution environment: loads the handler, then answers one invocation after the other. Output is
 * sent through the same channel as answers, so that the log is complete when the answer arrives.
 */
const send = process.send?.bind(process);
if (send === undefined) throw new Error('worker.ts runs as a forked process only');
// The function must not use the worker's own message channel.
Reflect.deleteProperty(process, 'send');
const report = (message: WorkerMessage, sent?: () => void): void => void send(message, undefined, undefined, sent);

captureOutput();
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('uncaughtException', (error) => {
  report({ kind: 'fatal', error: toFunctionError(error) }, () => process.exit(1));
});
process.on('unhandledRejection', (reason) => {
  throw new RuntimeError(
    'Runtime.UnhandledPromiseRejection',
    reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason),
  );
});

const { folder, handler, takesCallbacks, hidesCompileCache } = await new Promise<Assignment>((resolve) =>
  process.once('message', resolve),
);
if (hidesCompileCache) Reflect.deleteProperty(process.env, 'NODE_COMPILE_CACHE');
try {
  const run = await loadHandler(folder, handler, { takesCallbacks });
  process.on('message', (invocation: Invocation) => void answer(run, invocation));
  report({ kind: 'ready' });
  // Node writes the cache at exit, but most workers are killed.
  if (hidesCompileCache) flushCompileCache();
} catch (error) {
  report({ kind: 'init-error', error: toFunctionError(error) });
}

async function answer(run: Handler, invocation: Invocation): Promise<void> {
  try {
    const { fault } = invocation;
    if (fault?.kind === 'throw') throw new Error('Injected fault: the function throws.');
    const running = run(JSON.parse(invocation.payload), contextOf(invocation));
    if (fault?.kind === 'crash') process.kill(process.pid, 'SIGKILL');
    const result = await running;
    if (fault?.kind === 'timeout') return;
    report({ kind: 'result', payload: serialize(result) });
  } catch (error) {
    report({ kind: 'error', error: toFunctionError(error) });
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
    Reflect.set(console, name, (...values: unknown[]) => report({ kind: 'log', level, text: format(...values) }));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      report({
        kind: 'log',
        level: undefined,
        text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(),
      });
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
  }
}
