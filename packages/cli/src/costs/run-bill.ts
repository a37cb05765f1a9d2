import { join } from 'node:path';
import type { Runtime } from '@tweet-pipes/local-aws';
import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import { appContext } from '@tweet-pipes/local-aws/assembly/synthesize';
import type { Config } from '../../../../infra/config.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { type Bill, billOf } from './bill.ts';
import { type PriceList, readPriceList } from './price-list.ts';
import { standingFor } from './standing.ts';
import { countedFor, scaledUsage, type Usage } from './usage.ts';

/** A bill is for so many records: what one costs is a small fraction of a cent. */
const BILLED_RECORDS = 1_000_000;

/** What a run would have cost on AWS. */
export interface RunBill {
  prices: PriceList;
  /** How many records the bill is for. */
  records: number;
  perMillion: Bill;
  /** For a month, whether records come or not. */
  standing: Bill;
}

/**
 * Prices what `records` records have used, for a million such records, by the template and the options that the runtime
 * runs.
 */
export async function runBill(
  usage: Usage,
  records: number,
  runtime: Pick<Runtime, 'dataFolder' | 'stackName'>,
  context: Readonly<Record<string, string>>,
): Promise<RunBill> {
  const prices = readPriceList();
  const config = await configOf(context);
  const { template } = await readAssembly(join(runtime.dataFolder, 'assembly'), { stack: runtime.stackName });
  return {
    prices,
    records: BILLED_RECORDS,
    perMillion: billOf(countedFor(scaledUsage(usage, BILLED_RECORDS / records), config), prices),
    standing: billOf(standingFor(template, config), prices),
  };
}

/** The options that a stack is synthesized with on this machine. */
export async function configOf(context: Readonly<Record<string, string>>): Promise<Config> {
  // Only now: it loads part of the CDK.
  const { readConfig } = await import('../../../../infra/config.ts');
  return readConfig({ ...(await appContext(PROJECT_FOLDER)), ...context });
}
