/**
 * A runtime in a process of its own, for tests that need it to end by itself or by `kill -9`. Options are JSON in the
 * first argument. It prints one JSON line per event: `{"ready": …}`, then for each line on stdin that says `idle` an
 * `{"idle": …}` when everything is at rest. When stdin closes it stops the runtime, and then nothing may keep the
 * process alive.
 */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import type { Intercept } from '../src/gateway/wire.ts';
import { startRuntime } from '../src/runtime.ts';

export interface ChildOptions {
  dataFolder: string;
  assemblyFolder?: string;
  context?: Record<string, string>;
  /** Default: all stacks of the app. */
  stacks?: string[];
  /**
   * `kill -9` of itself when this call is made for the n-th time: before it reaches its service, or after, so that its
   * answer is lost.
   */
  killAt?: { operation: string; when: 'before' | 'after'; nth: number };
  /** Calls of these operations wait until a line on stdin says `go`. */
  hold?: string[];
  /** Calls of these operations never come through. */
  block?: string[];
}

const options: ChildOptions = JSON.parse(process.argv[2] ?? '{}');
const { killAt, hold = [], block = [] } = options;
const print = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
const gate = Promise.withResolvers<void>();

let calls = 0;
const intercept: Intercept = async (call, forward) => {
  if (hold.includes(call.operation)) await gate.promise;
  if (block.includes(call.operation)) return new Promise(() => {});
  if (killAt === undefined || call.operation !== killAt.operation) return forward();
  calls += 1;
  const isIt = calls === killAt.nth;
  if (isIt && killAt.when === 'before') process.kill(process.pid, 'SIGKILL');
  const answer = await forward();
  if (isIt) process.kill(process.pid, 'SIGKILL');
  return answer;
};

const runtime = await startRuntime({ ...options, intercept });
// Node writes it at the end of the process otherwise, and most of these are killed.
flushCompileCache();
print({
  ready: {
    endpoint: runtime.endpoint,
    outputs: runtime.outputs,
    inert: runtime.inert.map(({ what }) => what),
  },
});
const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  if (line === 'go') gate.resolve();
  if (line !== 'idle') return;
  await runtime.whenIdle();
  print({ idle: { executions: runtime.executions(), residentMegabytes: process.memoryUsage().rss / 1e6 } });
});
await once(input, 'close');
await runtime.stop();
