import { join } from 'node:path';
import type { Runtime } from '@tweet-pipes/local-aws';
import { type Bill, makeBill } from './bill.ts';
import { type PriceList, readPriceList } from './price-list.ts';
import { type MeasuredChanges, type SalesBill, salesBill } from './sales-bill.ts';
import { readAppFacts, readStackFacts } from './stack-facts.ts';
import { standingFor } from './standing.ts';
import { readTemplates } from './templates.ts';
import { countedFor, mapStacks, scaledUsage, type Usage } from './usage.ts';

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

/** Prices what `records` records used, for a million such records, on the stacks whose usage it is. */
export async function runBill(
  usage: Usage,
  records: number,
  { dataFolder }: Pick<Runtime, 'dataFolder'>,
): Promise<RunBill> {
  const prices = readPriceList();
  const facts = readAppFacts(await readTemplates(join(dataFolder, 'assembly'), Object.keys(usage.units)));
  return {
    prices,
    records: BILLED_RECORDS,
    perMillion: makeBill(countedFor(scaledUsage(usage, BILLED_RECORDS / records), facts), prices),
    standing: makeBill(mapStacks(facts.stacks, standingFor), prices),
  };
}

/** Prices what changes of orders used, for a million such changes, on the stack of that name. */
export async function runSalesBill(
  measured: MeasuredChanges,
  stack: string,
  { dataFolder }: Pick<Runtime, 'dataFolder'>,
): Promise<SalesBill> {
  const templates = await readTemplates(join(dataFolder, 'assembly'), [stack]);
  const [facts] = Object.values(templates).map(readStackFacts);
  if (facts === undefined) throw new Error(`The assembly has no stack ${stack}.`);
  return salesBill(measured, { stack, facts, prices: readPriceList() });
}
