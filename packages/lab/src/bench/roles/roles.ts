import { drainWaiting, fullBatches } from '../drain.ts';
import { Measurements, percentile } from '../measurements.ts';
import { tweetsForShards } from '../records.ts';
import type { Subject } from '../subject.ts';
import { modes } from './modes.ts';
import { startPair } from './pair-process.ts';

/** Tweets of a round, at least: a multiple of the batch size, so that all batches are full. */
const LEAST_TWEETS = 2_400;
const SHARDS = 4;
/** A single pair of rounds differs by more than the checks cost. */
const PAIRS_OF_ROUND = 6;
const WARM_UPS = 2;
/** What the checks may leave of the pipeline's rate. */
const GOAL = 0.98;

/** The pipeline with its roles enforced and with roles off, in turns, on the same records, in one process. */
export const roles: Subject = {
  name: 'roles',
  description: 'the pipeline with roles enforced, beside the same one with roles off, in one process',
  async run({ folder, signal, nodeFlags, rounds, doing }) {
    doing('start with roles enforced and with roles off');
    await using parts = new AsyncDisposableStack();
    const pair = parts.adopt(await startPair({ folder, shards: SHARDS, nodeFlags }), (each) => each.stop());
    const pairs = rounds * PAIRS_OF_ROUND;
    const results = new Measurements();
    for (let index = -WARM_UPS; index < pairs; index += 1) {
      doing(index < 0 ? 'warm up' : `pair ${index + 1} of ${pairs}`);
      const counted = index < 0 ? new Measurements() : results;
      for (const mode of index % 2 === 0 ? modes : [...modes].reverse()) {
        const stack = pair.stacks[mode];
        const count = fullBatches(LEAST_TWEETS, stack.batchSize, SHARDS);
        const records = await tweetsForShards({
          ...{ form: 'compact', seed: index + WARM_UPS, shards: SHARDS },
          perShard: count / SHARDS,
        });
        let beforeMs = 0;
        const { milliseconds } = await drainWaiting(stack, records, signal, async () => {
          beforeMs = await pair.cpuMs();
        });
        const usedMs = (await pair.cpuMs()) - beforeMs;
        counted.add(pipeline(mode), 'tweets/s', (count * 1000) / milliseconds);
        counted.add(time(mode), 'ms/tweet', usedMs / count);
      }
    }
    results.ratio('rate with roles enforced', pipeline('enforce'), pipeline('off'), GOAL);
    results.ratio('processor time of the runtime without roles', time('off'), time('enforce'), GOAL);
    return { figures: results.figures, ratios: results.ratios, notes: results.ratios.map(spread) };
  },
};

const pipeline = (mode: string) => `pipeline, roles ${mode}`;
const time = (mode: string) => `processor time of the runtime, roles ${mode}`;

/** How far a median can be trusted: its standard error, of values that scatter normally. */
function spread({ name, repeats }: { name: string; repeats: readonly number[] }): string {
  const mean = repeats.reduce((sum, value) => sum + value, 0) / repeats.length;
  const variance = repeats.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats.length - 1);
  const error = 1.2533 * Math.sqrt(variance / repeats.length);
  const [low, high] = [percentile(repeats, 0.25), percentile(repeats, 0.75)];
  return `${name}: half of ${repeats.length} pairs are within ${low.toFixed(3)}-${high.toFixed(3)}; the median is certain to ±${error.toFixed(3)}.`;
}
