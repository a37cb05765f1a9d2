import { join } from 'node:path';
import { type Bill, makeBill } from '@tweet-pipes/cli/costs/bill';
import { readPriceList } from '@tweet-pipes/cli/costs/price-list';
import { countedFor } from '@tweet-pipes/cli/costs/usage';
import { scaledUnits, type Units } from '@tweet-pipes/local-aws/meter/metered';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { batchesOf, drainWaiting, type LandedRecord } from './drain.ts';
import { startTutorial } from './headline/tutorial.ts';
import { callsOf } from './headline/workflow-calls.ts';
import { Measurements } from './measurements.ts';
import { readMeter, since } from './meter.ts';
import { tweetsForShards } from './records.ts';
import { type BenchStack, startStack } from './stack.ts';
import type { Subject } from './subject.ts';

const [shards, batchSize, tweets] = [1, 100, 2_000];
const BILLED_TWEETS = 1_000_000;
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
      await startStack({ dataFolder: join(folder, 'runtime'), options: { shards }, nodeFlags }),
      (made) => made.stop(),
    );
    const tutorial = parts.adopt(await startTutorial(stack), (made) => made.stop());
    const records = await tweetsForShards({ form: 'compact', seed: 1, shards, perShard: tweets / shards });

    doing('the pipeline');
    const before = await readMeter(stack.runtime.endpoint);
    const { landed } = await drainWaiting(stack, records, signal);
    const between = await readMeter(stack.runtime.endpoint);
    doing("the tutorials' consumer");
    const batches = batchesOf(landed, batchSize);
    await tutorial.consume(batches, { batches: tweets / batchSize, sleepMs: 0 });
    const after = await readMeter(stack.runtime.endpoint);

    const ours = since(before, between).units;
    // Both use the same stream; the rest is from their own calls.
    const theirs = { ...since(between, after).callers, kinesisIngestedBytes: ours.kinesisIngestedBytes };
    const results = new Measurements();
    await addUnits(results, stack, batches, ours, theirs);
    addDollars(results, 'ours', billed(ours));
    addDollars(results, 'tutorial', billed(theirs));
    results.ratio("dollars of the tutorials' consumer, ours as 1", 'tutorial: all', 'ours: all');
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

async function addUnits(
  results: Measurements,
  { definitionText }: BenchStack,
  batches: readonly LandedRecord[][][],
  ours: Units,
  theirs: Units,
) {
  const definition = parseDefinition(definitionText);
  let hashtagWrites = 0;
  for (const batch of batches.flat()) hashtagWrites += (await callsOf(definition, batch)).updates.length;
  const each = (name: string, units: number) => results.add(name, 'units/tweet', units / tweets);
  each('write units, minimum: a tweet, and each hashtag once a batch', tweets + hashtagWrites);
  each('write units, ours', ours.dynamodbWriteUnits);
  each('write units, tutorial', theirs.dynamodbWriteUnits);
  each('read units, minimum: a read of deletions', tweets);
  each('read units, ours', ours.dynamodbReadUnits);
  each('read units, tutorial', theirs.dynamodbReadUnits);
  const fewest = { write: 'a tweet, and each hashtag once a batch', read: 'a read of deletions' };
  for (const kind of ['write', 'read'] as const) {
    results.ratio(
      `the fewest ${kind} units, of ours`,
      `${kind} units, the fewest: ${fewest[kind]}`,
      `${kind} units, ours`,
      CLOSE,
    );
  }
}

/** For an on-demand stream, without storage. */
function billed(units: Units): Bill {
  const million = { units: scaledUnits(units, BILLED_TWEETS / tweets), tweetBytes: 0, deletionBytes: 0 };
  return makeBill(countedFor(million, nothingKept), readPriceList());
}

const nothingKept = {
  shards: 'on-demand',
  tweetRetentionDays: 0,
  deletionRetentionDays: 0,
  logRetentionDays: 0,
  archiveRetentionDays: 0,
} as const;

function addDollars(results: Measurements, whose: string, { lines, usd }: Bill): void {
  for (const line of lines) results.add(`${whose}: ${line.label}`, 'USD/million', line.usd);
  results.add(`${whose}: all`, 'USD/million', usd);
}

const notes = [
  'Compact new tweets, batches of 100, an on-demand stream; list prices of us-east-1, without storage and standing costs (npx tweet-pipes cost has both).',
  "The tutorials' consumer counts each copy of a tweet, stores no tweets, archives nothing and loses what it was doing when it ends; the machine that it runs on is not in its bill.",
];
