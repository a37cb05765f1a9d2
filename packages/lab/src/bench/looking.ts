import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drainWaiting, fullBatches } from './drain.ts';
import { Measurements } from './measurements.ts';
import { tweetsForShards } from './records.ts';
import { type BenchStack, startStack } from './stack.ts';
import type { BenchContext, Subject } from './subject.ts';

const shards = 4;
/** Tweets of a measurement, and of the warm-up of each runtime. All batches are full. */
const [leastTweets, leastWarmUpTweets] = [2_400, 1_600];
/** As often as the page of the console asks. */
const pageEveryMs = 2_000;
const names = { silent: 'without logs', logged: 'with logs on disk', watched: 'with logs, and the console page open' };
/** Options of the stack without any log. The metrics are there all the same. */
const silent = { logLevel: 'OFF', pipeLogLevel: 'OFF' };

/** What it costs to look inside: logs on disk, and an open page of the console. */
export const looking: Subject = {
  name: 'looking',
  description: 'the pipeline with logs on disk and with an open page of the console, beside it without',
  async run(context) {
    const results = new Measurements();
    await using parts = new AsyncDisposableStack();
    const start = async (name: string, options: Record<string, string | number>) =>
      parts.adopt(
        await startStack({
          dataFolder: join(context.folder, name),
          options: { shards, ...options },
          nodeFlags: context.nodeFlags,
        }),
        (made) => made.stop(),
      );
    const [quiet, plain] = [await start('silent', silent), await start('logged', {})];
    for (const stack of [quiet, plain]) await rateOf(stack, context, 0, leastWarmUpTweets);
    for (let round = 1; round <= context.rounds; round += 1) {
      context.doing(`round ${round} of ${context.rounds}`);
      results.add(names.silent, 'tweets/s', await rateOf(quiet, context, 3 * round, leastTweets));
      results.add(names.logged, 'tweets/s', await rateOf(plain, context, 3 * round + 1, leastTweets));
      const page = openPage(plain);
      results.add(names.watched, 'tweets/s', await rateOf(plain, context, 3 * round + 2, leastTweets));
      await page.close();
    }
    results.ratio('logs on disk, against none', names.logged, names.silent, 0.95);
    results.ratio('the page open, against closed', names.watched, names.logged, 0.97);
    const notes = [
      `The page asks for the pipeline every ${pageEveryMs / 1000} s, as it does while that view is in sight.`,
    ];
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

/** Tweets a second. Each seed gives other tweets. */
async function rateOf(stack: BenchStack, { signal }: BenchContext, seed: number, least: number): Promise<number> {
  const count = fullBatches(least, stack.batchSize, shards);
  const records = await tweetsForShards({ form: 'compact', seed, shards, perShard: count / shards });
  const { milliseconds } = await drainWaiting(stack, records, signal);
  return (count * 1000) / milliseconds;
}

/** Asks what the view of the pipeline asks, as often as it does. Throws at `close` when an answer was none. */
function openPage({ runtime }: BenchStack): { close(): Promise<void> } {
  const closed = new AbortController();
  const read = async (): Promise<void> => {
    for (; !closed.signal.aborted; await sleep(pageEveryMs)) {
      const answer = await fetch(`${runtime.endpoint}/_console/api/pipeline`);
      if (!answer.ok) throw new Error(`The page got ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  const reading = read();
  reading.catch(() => {}); // It is told at the end.
  return {
    async close() {
      closed.abort();
      await reading;
    },
  };
}
