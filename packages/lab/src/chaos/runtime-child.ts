/**
 * The runtime in a process of its own, to be killed. Options are JSON in the first argument ({@link
 * ./child-events.ts}), events JSON lines on standard output. When standard input closes it stops as it does after
 * Ctrl-C, so it does not outlive its driver either.
 */
import { once } from 'node:events';
import { type Intercept, startRuntime } from '@tweet-pipes/local-aws';
import type { ChildEvent, ChildOptions } from './child-events.ts';
import { endInCall } from './end-in-call.ts';
import { endInFile } from './end-in-file.ts';

const options: ChildOptions = JSON.parse(process.argv[2] ?? '{}');
// Pipes are written synchronously, so what is said before a death is heard.
const say = (event: ChildEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);

let faultsSaid = '';
let faultCounts = (): Record<string, number> => ({});
const sayFaults = () => {
  const faults = faultCounts();
  if (JSON.stringify(faults) === faultsSaid) return;
  faultsSaid = JSON.stringify(faults);
  say({ faults });
};
const die = () => {
  sayFaults();
  say({ dying: true });
  process.kill(process.pid, 'SIGKILL');
};

endInFile(options.end, die);
const kill = endInCall(options.end, die);
const intercept: Intercept = (call, forward) => {
  if (call.operation === 'StartSyncExecution') {
    // Each event of the batch has it once, as JSON within the JSON of the call.
    const ids = call.request.body.toString('utf8').matchAll(/\\"eventID\\":\\"(shardId-\d+:\d+)\\"/g);
    say({ delivered: [...ids].flatMap(([, id]) => id ?? []) });
  }
  return kill(call, forward);
};

const failed = new AbortController();
const runtime = await startRuntime({
  dataFolder: options.dataFolder,
  assemblyFolder: options.assemblyFolder,
  shardsPerOnDemandStream: 2,
  maxBufferIntervalSeconds: 1,
  // The whole stream is the truth in the end, so nothing of it is trimmed.
  streamMegabytes: 1_000_000,
  intercept,
  ...(options.faults === '' ? {} : { faults: options.faults }),
  onFailure(error) {
    process.stderr.write(`${error.message}\n`);
    failed.abort();
  },
});
faultCounts = runtime.faultCounts;
say({ ready: { endpoint: runtime.endpoint, stackName: runtime.stackName } });
const saying = setInterval(sayFaults, 100);
process.stdin.resume();
await Promise.race([once(process.stdin, 'end'), once(failed.signal, 'abort')]);
clearInterval(saying);
sayFaults();
process.stdin.destroy();
await runtime.stop();
