import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drainFlowing } from './drain.ts';
import { type ByProcess, measureProcesses, sumOverProcesses } from './long-run/footprint.ts';
import { Measurements } from './measurements.ts';
import { tweetsForShards } from './records.ts';
import { type RuntimeProcess, startRuntimeProcess } from './runtime-process.ts';
import { startStack } from './stack.ts';
import type { BenchContext, Subject } from './subject.ts';

const [shards, perShard] = [4, 1_000];
/** How long a runtime settles, and is then measured at rest; milliseconds. */
const [settleMs, restMs] = [10_000, 30_000];

/** Duration of a start, rest, and memory of the runtime when it is ready and after some load. */
export const startUp: Subject = {
  name: 'start-up',
  description: 'time until ready, cold and warm; processor time at rest; resident memory at rest and after a load',
  async run(context) {
    const results = new Measurements();
    for (let round = 1; round <= context.rounds; round += 1) {
      context.doing(`round ${round} of ${context.rounds}`);
      await measureStarts(context, round, results);
      await measureMemory(context, round, results);
    }
    results.goal('cold start, all stacks', { atMost: 2.5 });
    results.goal('warm start, all stacks', { atMost: 1.5 });
    results.goal('next start, all stacks', { atMost: 1.5 });
    results.goal('at rest, all stacks', { atMost: 1 });
    const notes = [
      'cold start: neither assembly nor compiled modules are kept, as at the first start of a clone; warm: both are.',
      'next start: as warm, with the data of the warm one.',
      'MB are 10^6 bytes, of all processes of the runtime; shared pages count in each process.',
    ];
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

/** Starts with all stacks: the second finds what the first one kept, the third also the data of the second. */
async function measureStarts(
  { folder, rounds, nodeFlags, signal }: BenchContext,
  round: number,
  results: Measurements,
) {
  const environment = {
    // Assemblies are kept by the variables of this prefix (docs/adr/0052). This one means nothing to the app.
    CDK_BENCH_ROUND: `${process.pid}-${round}`,
    NODE_COMPILE_CACHE: join(folder, `compiled-${round}`),
  };
  const dataOf = { cold: `cold-${round}`, warm: `warm-${round}`, next: `warm-${round}` };
  for (const kind of ['cold', 'warm', 'next'] as const) {
    signal.throwIfAborted();
    const dataFolder = join(folder, dataOf[kind]);
    const runtime = await startRuntimeProcess({ dataFolder, nodeFlags, runtimeFlags: [], environment });
    try {
      results.add(`${kind} start, all stacks`, 's', runtime.readySeconds);
      if (kind === 'warm' && round === rounds)
        results.add('at rest, all stacks', '% of a core', await restOf(runtime, signal));
    } finally {
      await runtime.stop();
    }
  }
}

/** Processor time of all processes of the runtime while nothing is called. */
async function restOf({ pid }: RuntimeProcess, signal: AbortSignal): Promise<number> {
  await sleep(settleMs, undefined, { signal });
  const used = async () => sumOverProcesses((await measureProcesses(pid)).cpuSeconds);
  const [before, startMs] = [await used(), performance.now()];
  await sleep(restMs, undefined, { signal });
  return (((await used()) - before) * 1000 * 100) / (performance.now() - startMs);
}

async function measureMemory(
  { folder, rounds, nodeFlags, signal }: BenchContext,
  round: number,
  results: Measurements,
): Promise<void> {
  signal.throwIfAborted();
  const stack = await startStack({ dataFolder: join(folder, String(round)), options: { shards }, nodeFlags });
  try {
    results.add('time until ready', 's', stack.runtime.readySeconds);
    const { resident } = await measureProcesses(stack.runtime.pid);
    addMemory(results, 'at rest', resident);
    if (round < rounds) return; // The load takes long and gives the same in each round.
    const records = await tweetsForShards({ form: 'compact', seed: round, shards, perShard });
    await drainFlowing(stack, records, signal);
    addMemory(results, `after ${shards * perShard} records`, (await measureProcesses(stack.runtime.pid)).resident);
  } finally {
    await stack.stop();
  }
}

function addMemory(results: Measurements, when: string, resident: ByProcess): void {
  results.add(`resident memory ${when}`, 'MB', sumOverProcesses(resident));
  results.add(`resident memory ${when}, of the runtime`, 'MB', resident.runtime);
  results.add(`resident memory ${when}, of its engine`, 'MB', resident.dynamodb);
  results.add(`resident memory ${when}, of Lambda`, 'MB', resident.functions);
}
