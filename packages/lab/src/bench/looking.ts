import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drainWaiting, fullBatches } from './drain.ts';
import { measureProcesses, sumOverProcesses } from './long-run/footprint.ts';
import { Measurements } from './measurements.ts';
import { launchChromium } from './page/browser.ts';
import { measurePage } from './page/measure-page.ts';
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

/** What it costs to look inside: logs on disk, an open page of the console; and how fast that page is. */
export const looking: Subject = {
  name: 'looking',
  description: 'the pipeline with logs on disk and with an open page of the console, beside it without; and that page',
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
    for (const stack of [quiet, plain]) await drain(stack, context, 0, leastWarmUpTweets);
    const measure = async (name: string, stack: BenchStack, seed: number) => {
      const { rate, cpuMs } = await drain(stack, context, seed, leastTweets);
      results.add(name, 'tweets/s', rate);
      results.add(timeOf(name), 'ms/tweet', cpuMs);
    };
    for (let round = 1; round <= context.rounds; round += 1) {
      context.doing(`round ${round} of ${context.rounds}`);
      await measure(names.silent, quiet, 3 * round);
      await measure(names.logged, plain, 3 * round + 1);
      const page = openPage(plain);
      await measure(names.watched, plain, 3 * round + 2);
      await page.close();
    }
    results.ratio('logs on disk, against none', names.logged, names.silent, 0.95);
    results.ratio('the page open, against closed', names.watched, names.logged, 0.97);
    results.ratio('processor time without logs, of that with', timeOf(names.silent), timeOf(names.logged), 0.95);
    results.ratio('processor time without the page, of that with', timeOf(names.logged), timeOf(names.watched), 0.97);
    const notes = [
      `The page asks for the pipeline every ${pageEveryMs / 1000} s, as it does while that view is in sight.`,
    ];
    const browser = await launchChromium();
    if (browser === undefined) notes.push('The page in a browser: not measured, no chromium is on PATH.');
    else {
      parts.defer(() => browser.close());
      await measurePage(browser, plain, results, context);
    }
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

const timeOf = (name: string) => `${name}, processor time`;

/** Tweets a second, and milliseconds of the runtime and its engine for a tweet. Each seed gives other tweets. */
async function drain(stack: BenchStack, { signal }: BenchContext, seed: number, least: number) {
  const count = fullBatches(least, stack.batchSize, shards);
  const records = await tweetsForShards({ form: 'compact', seed, shards, perShard: count / shards });
  const cpuSeconds = async () => sumOverProcesses((await measureProcesses(stack.runtime.pid)).cpuSeconds);
  let before = Number.NaN;
  const { milliseconds } = await drainWaiting(stack, records, signal, async () => {
    before = await cpuSeconds();
  });
  return { rate: (count * 1000) / milliseconds, cpuMs: (((await cpuSeconds()) - before) * 1000) / count };
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
