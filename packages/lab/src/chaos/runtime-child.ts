/**
 * A runtime in its own process, to be killed. Options are JSON in the first argument ({@link ./child-events.ts}),
 * events are JSON lines on standard output. It stops regularly when standard input closes, so it does not outlive its
 * driver.
 */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { runningCore } from '@tweet-pipes/cli/stack/core-stack';
import { type Intercept, startRuntime } from '@tweet-pipes/local-aws';
import type { ChildCommand, ChildEvent, ChildOptions } from './child-events.ts';
import { crashInCall } from './crash-in-call.ts';
import { crashInFile } from './crash-in-file.ts';
import { FullDisk } from './full-disk.ts';

const options: ChildOptions = JSON.parse(process.argv[2] ?? '{}');
// Writes to pipes are synchronous, so events before a crash arrive.
const emit = (event: ChildEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);

let faultsEmitted = '';
let faultCounts = (): Record<string, number> => ({});
const emitFaults = () => {
  const faults = faultCounts();
  if (JSON.stringify(faults) === faultsEmitted) return;
  faultsEmitted = JSON.stringify(faults);
  emit({ faults });
};
const crash = () => {
  emitFaults();
  emit({ crashing: true });
  process.kill(process.pid, 'SIGKILL');
};

crashInFile(options.crashPoint, crash);
const disk = options.crashPoint.how === 'fill-disk' ? new FullDisk(options.dataFolder) : undefined;
const crashing = crashInCall(options.crashPoint, crash);
const intercept: Intercept = (call, forward) => {
  if (call.operation === 'StartSyncExecution') {
    // Each event of the batch has one, as JSON within the JSON of the call.
    const ids = call.request.body.toString('utf8').matchAll(/\\"eventID\\":\\"(shardId-\d+:\d+)\\"/g);
    emit({ delivered: [...ids].flatMap(([, id]) => id ?? []) });
  }
  return crashing(call, forward);
};

const failed = new AbortController();
const runtime = await startRuntime({
  dataFolder: options.dataFolder,
  assemblyFolder: options.assemblyFolder,
  stacks: options.stacks,
  shardsPerOnDemandStream: 2,
  maxBufferIntervalSeconds: 1,
  // The verdict needs the whole stream, so nothing is trimmed.
  streamMegabytes: 1_000_000,
  intercept,
  ...(options.faults === '' ? {} : { faults: options.faults }),
  ...(disk && { freeBytes: (folder: string) => disk.freeBytes(folder) }),
  onFailure(error) {
    process.stderr.write(`${error.message}\n`);
    failed.abort();
  },
});
faultCounts = runtime.faultCounts;
// Node writes it at the end of the process otherwise, and this one is killed.
flushCompileCache();
emit({ ready: { endpoint: runtime.endpoint, stackName: runningCore(runtime.stacks) } });
const saying = setInterval(emitFaults, 100);
const input = createInterface({ input: process.stdin });
const fill: ChildCommand = 'fill disk';
input.on('line', (line) => {
  if (disk !== undefined) disk.isFull = line === fill;
});
await Promise.race([once(input, 'close'), once(failed.signal, 'abort')]);
clearInterval(saying);
emitFaults();
input.close();
process.stdin.destroy();
await runtime.stop();
