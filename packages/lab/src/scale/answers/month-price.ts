import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutItem, withShards } from '@tweet-pipes/cli/costs/alternatives';
import { measureUsage } from '@tweet-pipes/cli/costs/measure-usage';
import { monthOf } from '@tweet-pipes/cli/costs/month';
import { readPriceList } from '@tweet-pipes/cli/costs/price-list';
import { readSample } from '@tweet-pipes/cli/costs/sample';
import { synthesizeFacts } from '@tweet-pipes/cli/costs/synthesize-facts';
import type { Usage } from '@tweet-pipes/cli/costs/usage';
import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import { controlled } from '@tweet-pipes/producer/controlled';
import { generateSource } from '@tweet-pipes/producer/sources/generate';

/** What decides the price of a month. */
export interface Priced {
  readonly tweetsPerSecond: number;
  readonly shards: number;
  readonly counterItems: number;
}

/** USD of a month of 730 hours, with the other options at their defaults, and with `logLevel=ERROR`. */
export interface MonthPrice {
  readonly usd: number;
  readonly usdWithoutLog: number;
}

const STACK = 'TweetPipes';
/** Full batches that are measured. */
const BATCHES = 4;

/**
 * Measures generated tweets in full batches as `npx tweet-pipes cost` does, once, and returns what prices a month with
 * them: the same code, for other rates, shards and items of a counter. Throws CliError as {@link measureUsage} does.
 */
export async function measureMonth(
  batchSize: number,
  seed: number,
  terminal: Terminal,
): Promise<(priced: Priced) => MonthPrice> {
  const assemblyFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-scale-stack-'));
  try {
    const facts = await synthesizeFacts({}, assemblyFolder, [STACK]);
    // Some of the records are on the shards' last batches, which are not full and are left out.
    const source = controlled(generateSource({ seed }), { clock: terminal.clock, limit: (BATCHES + 1) * batchSize });
    const { records, bytesPerRecord } = await readSample(source, terminal.interruptible());
    const measured = await measureUsage({ assemblyFolder, stacks: [STACK], core: STACK, records, batchSize }, terminal);
    const prices = readPriceList();
    return ({ tweetsPerSecond, shards, counterItems }) => {
      const load = { recordsPerSecond: tweetsPerSecond, bytesPerRecord };
      const provisioned = withShards(facts, shards);
      const of = { ...provisioned, pipeline: { ...provisioned.pipeline, counterItems } };
      const usdOf = (usage: Usage) => monthOf({ ...measured, usage }, load, { facts: of, prices }).usd;
      return { usd: usdOf(measured.usage), usdWithoutLog: usdOf(withoutItem(measured.usage, 'workflowLogBytes')) };
    };
  } finally {
    await rm(assemblyFolder, { recursive: true, force: true });
  }
}
