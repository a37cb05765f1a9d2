import { join } from 'node:path';
import { drainFlowing } from './drain.ts';
import { type ByProcess, measureProcesses, sumOverProcesses } from './long-run/footprint.ts';
import { Measurements } from './measurements.ts';
import { tweetsForShards } from './records.ts';
import { startStack } from './stack.ts';
import type { BenchContext, Subject } from './subject.ts';

const [shards, perShard] = [4, 1_000];

/** Duration of a start, and memory of the runtime when it is ready and after some load. */
export const startUp: Subject = {
  name: 'start-up',
  description: 'time until ready; resident memory at rest and after a load',
  async run(context) {
    const results = new Measurements();
    for (let round = 1; round <= context.rounds; round += 1) {
      context.doing(`round ${round} of ${context.rounds}`);
      await measure(context, round, results);
    }
    const notes = ['MB are 10^6 bytes, of all processes of the runtime; shared pages count in each process.'];
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

async function measure(
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
