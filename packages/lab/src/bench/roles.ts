import { join } from 'node:path';
import { drainWaiting, fullBatches } from './drain.ts';
import { measureProcesses } from './long-run/footprint.ts';
import { Measurements } from './measurements.ts';
import { tweetsForShards } from './records.ts';
import { type BenchStack, startStack } from './stack.ts';
import type { Subject } from './subject.ts';

/** Tweets of a round, at least: a multiple of the batch size, so that all batches are full. */
const LEAST_TWEETS = 4_800;
const SHARDS = 4;
/** What the checks may leave of the pipeline's rate. */
const GOAL = 0.98;

const modes = ['enforce', 'off'] as const;

/** The pipeline with its roles enforced and with roles off, round by round on the same records. */
export const roles: Subject = {
  name: 'roles',
  description: 'the pipeline with roles enforced, beside the same one with roles off',
  async run({ folder, signal, nodeFlags, rounds, doing }) {
    await using parts = new AsyncDisposableStack();
    const stacks = new Map<(typeof modes)[number], BenchStack>();
    for (const mode of modes) {
      doing(`start with --roles ${mode}`);
      const dataFolder = join(folder, `roles-${mode}`);
      const made = await startStack({ dataFolder, options: { shards: SHARDS }, nodeFlags, flags: ['--roles', mode] });
      stacks.set(
        mode,
        parts.adopt(made, (stack) => stack.stop()),
      );
    }
    const results = new Measurements();
    for (let round = 0; round <= rounds; round += 1) {
      // The first round warms up. Each mode is first in turn.
      const counted = round === 0 ? new Measurements() : results;
      for (const mode of round % 2 === 0 ? modes : [...modes].reverse()) {
        const stack = stacks.get(mode);
        if (stack === undefined) continue;
        doing(`--roles ${mode}: round ${round} of ${rounds}`);
        const count = fullBatches(LEAST_TWEETS, stack.batchSize, SHARDS);
        const records = await tweetsForShards({
          ...{ form: 'compact', seed: round, shards: SHARDS },
          perShard: count / SHARDS,
        });
        const before = await measureProcesses(stack.runtime.pid);
        const { milliseconds } = await drainWaiting(stack, records, signal);
        const after = await measureProcesses(stack.runtime.pid);
        counted.add(`pipeline, roles ${mode}`, 'tweets/s', (count * 1000) / milliseconds);
        counted.add(
          `processor time of the runtime, roles ${mode}`,
          'ms/tweet',
          ((after.cpuSeconds.runtime - before.cpuSeconds.runtime) * 1000) / count,
        );
      }
    }
    results.ratio('rate with roles enforced', 'pipeline, roles enforce', 'pipeline, roles off', GOAL);
    const time = (mode: string) => `processor time of the runtime, roles ${mode}`;
    results.ratio('processor time of the runtime without roles', time('off'), time('enforce'), GOAL);
    return { figures: results.figures, ratios: results.ratios, notes: [] };
  },
};
