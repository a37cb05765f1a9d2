import { join } from 'node:path';
import { type Bill, makeBill } from '@tweet-pipes/cli/costs/bill';
import { readPriceList } from '@tweet-pipes/cli/costs/price-list';
import { paidUnits } from '@tweet-pipes/cli/costs/usage';
import { scaledUnits, type Units } from '@tweet-pipes/local-aws/meter/metered';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { batchesOf, drainWaiting, fullBatches, type LandedRecord } from './drain.ts';
import { startTutorial } from './headline/tutorial.ts';
import { callsOf } from './headline/workflow-calls.ts';
import { Measurements } from './measurements.ts';
import { readMeter, since } from './meter.ts';
import { tweetsForShards } from './records.ts';
import { type BenchStack, startStack } from './stack.ts';
import type { Subject } from './subject.ts';

/** Tweets that are run, at least: a multiple of the batch size, so that all batches are full. */
const LEAST_TWEETS = 2_000;
/** With a long window, records that were read wait until their batch is full. */
const stackOptions = { shards: 1, ingestBatchWindowSeconds: 60 };
const BILLED_TWEETS = 1_000_000;
/** Maximum dollars for a million tweets (docs/costs.md). */
const GOALS_USD = { defaults: 3.3, errorsOnly: 1.9 };
/** The minimum divided by what was used: within 10 % of each other. */
const CLOSE = 0.909;

/**
 * What tweets use and cost, compared with the minimum of units and with the tutorials' consumer on the same records. It
 * does not depend on time, so one round is enough.
 */
export const bill: Subject = {
  name: 'bill',
  description: "units and dollars of new tweets, beside the fewest possible and beside the tutorials' consumer",
  async run({ folder, signal, nodeFlags, doing }) {
    doing('start');
    await using parts = new AsyncDisposableStack();
    const stack = parts.adopt(
      await startStack({ dataFolder: join(folder, 'runtime'), options: stackOptions, nodeFlags }),
      (made) => made.stop(),
    );
    const tutorial = parts.adopt(await startTutorial(stack), (made) => made.stop());
    const { batchSize } = stack;
    const tweets = fullBatches(LEAST_TWEETS, batchSize);
    const records = await tweetsForShards({ form: 'compact', seed: 1, shards: 1, perShard: tweets });

    doing('the pipeline');
    const before = await readMeter(stack.runtime.endpoint);
    const { landed } = await drainWaiting(stack, records, signal);
    const between = await readMeter(stack.runtime.endpoint);
    doing("the tutorials' consumer");
    const batches = batchesOf(landed, batchSize);
    await tutorial.consume(landed, { recordsPerShard: tweets, sleepMs: 0 });
    const after = await readMeter(stack.runtime.endpoint);

    const ours = since(before, between).units;
    // Both use the same stream; the rest is from their own calls.
    const theirs = { ...since(between, after).callers, kinesisIngestedBytes: ours.kinesisIngestedBytes };
    const results = new Measurements();
    await addUnits(results, { stack, batches, tweets, ours, theirs });
    const all = addDollars(results, 'ours', billed(ours, tweets));
    const errorsOnly = addSum(results, 'ours, logLevel=ERROR', billed({ ...ours, workflowLogBytes: 0 }, tweets));
    const tutorials = addDollars(results, 'tutorial', billed(theirs, tweets));
    results.ratio("dollars of the tutorials' consumer, ours as 1", tutorials, all);
    addGoal(results, 'with the defaults', all, GOALS_USD.defaults);
    addGoal(results, 'with logLevel=ERROR', errorsOnly, GOALS_USD.errorsOnly);
    return { figures: results.figures, ratios: results.ratios, notes: notes(batchSize) };
  },
};

interface Compared {
  stack: BenchStack;
  batches: readonly LandedRecord[][][];
  tweets: number;
  ours: Units;
  theirs: Units;
}

async function addUnits(results: Measurements, { stack, batches, tweets, ours, theirs }: Compared) {
  const definition = parseDefinition(stack.definitionText);
  let hashtagWrites = 0;
  for (const batch of batches.flat()) hashtagWrites += (await callsOf(definition, batch)).updates.length;
  const each = (name: string, units: number) => {
    results.add(name, 'units/tweet', units / tweets);
    return name;
  };
  const fewest = {
    write: each('write units, minimum: a tweet, and each hashtag once a batch', tweets + hashtagWrites),
    read: each('read units, minimum: a read of deletions', tweets),
  };
  const used = {
    write: each('write units, ours', ours.dynamodbWriteUnits),
    read: each('read units, ours', ours.dynamodbReadUnits),
  };
  each('write units, tutorial', theirs.dynamodbWriteUnits);
  each('read units, tutorial', theirs.dynamodbReadUnits);
  results.ratio('minimum of write units, of ours', fewest.write, used.write, CLOSE);
  results.ratio('minimum of read units, of ours', fewest.read, used.read, CLOSE);
}

/** For an on-demand stream, without storage. */
function billed(units: Units, tweets: number): Bill {
  return makeBill({ TweetPipes: paidUnits(scaledUnits(units, BILLED_TWEETS / tweets), nothingKept) }, readPriceList());
}

const nothingKept = { isOnDemand: true, logRetentionDays: 0, objectRetentionDays: 0 };

/** Returns the name of the sum. */
function addDollars(results: Measurements, whose: string, bill: Bill): string {
  for (const line of bill.lines) results.add(`${whose}: ${line.label}`, 'USD/million', line.usd);
  return addSum(results, whose, bill);
}

function addSum(results: Measurements, whose: string, { usd }: Bill): string {
  const all = `${whose}: all`;
  results.add(all, 'USD/million', usd);
  return all;
}

function addGoal(results: Measurements, setting: string, all: string, usd: number): void {
  const name = `goal ${setting}`;
  results.add(name, 'USD/million', usd);
  results.ratio(`${name}, of ours`, name, all, 1);
}

function notes(batchSize: number): string[] {
  return [
    `Compact new tweets, batches of ${batchSize}, an on-demand stream; list prices of us-east-1, without storage and standing costs (npx tweet-pipes cost has both).`,
    'logLevel=ERROR: the same run without the log of executions, since none failed.',
    "The tutorials' consumer counts each copy of a tweet, stores no tweets, archives nothing and loses what it was doing when it ends; the machine that it runs on is not in its bill.",
  ];
}
