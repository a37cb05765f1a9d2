import { join } from 'node:path';
import type { Runtime } from '@tweet-pipes/local-aws';
import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import { type Bill, makeBill } from './bill.ts';
import { type PriceList, readPriceList } from './price-list.ts';
import { readStackFacts } from './stack-facts.ts';
import { standingFor } from './standing.ts';
import { countedFor, scaledUsage, type Usage } from './usage.ts';

/** Records that a bill is for: the price of one is a small fraction of a cent. */
const BILLED_RECORDS = 1_000_000;

/** What a run would cost on AWS. */
export interface RunBill {
  prices: PriceList;
  /** Records that `perMillion` is for. */
  records: number;
  perMillion: Bill;
  /** For a month without any record. */
  standing: Bill;
}

/** Prices what `records` records used, for a million such records, on the stack that the runtime runs. */
export async function runBill(
  usage: Usage,
  records: number,
  runtime: Pick<Runtime, 'dataFolder' | 'stackName'>,
): Promise<RunBill> {
  const prices = readPriceList();
  const { template } = await readAssembly(join(runtime.dataFolder, 'assembly'), { stack: runtime.stackName });
  const facts = readStackFacts(template);
  return {
    prices,
    records: BILLED_RECORDS,
    perMillion: makeBill(countedFor(scaledUsage(usage, BILLED_RECORDS / records), facts), prices),
    standing: makeBill(standingFor(facts), prices),
  };
}
