import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { plural } from '@tweet-pipes/kit/wording';
import { underWay } from '../explain.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { measureSales } from './measure-sales.ts';
import { type PriceList, readPriceList } from './price-list.ts';
import { type SalesBill, salesBill } from './sales-bill.ts';
import { readStackFacts } from './stack-facts.ts';
import { synthesizeTemplates } from './synthesize-facts.ts';

/** What is projected. */
export interface SalesRequest {
  stack: string;
  changesPerSecond: number;
  /** How many changes to write. */
  changes: number;
  /** Context options of the stacks. */
  context: Readonly<Record<string, string>>;
}

/** The bill of a million changes of orders, and what it rests on. */
export interface SalesProjection extends SalesBill {
  prices: PriceList;
  changesPerSecond: number;
  /** Changes that were written. */
  measured: number;
  /** As DynamoDB counts it. */
  bytesPerOrder: number;
}

/** The option of a table of one's own. */
const ownTable = 'tweetPipes:salesTable';

/**
 * Writes generated changes of orders on this machine and projects a million of them. Throws CliError: exit code 1 when
 * the stack cannot be synthesized or has a table of one's own, 2 when a change did not get through.
 */
export async function projectSales(
  { stack, changesPerSecond, changes, context }: SalesRequest,
  terminal: Terminal,
): Promise<SalesProjection> {
  if (Object.hasOwn(context, ownTable)) {
    throw new CliError(
      `${ownTable} names a table of yours, and the bill is measured with generated orders: leave it out.`,
    );
  }
  terminal.err(`Synthesizing ${stack} and writing ${plural(changes, 'change')} of orders …`);
  const assemblyFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-cost-stack-'));
  try {
    const { [stack]: template } = await synthesizeTemplates(context, assemblyFolder, [stack]);
    if (template === undefined) throw new CliError(`The app has no stack ${stack}.`);
    const facts = readStackFacts(template);
    const measuredChanges = await underWay(terminal, () => measureSales({ assemblyFolder, stack, changes }, terminal));
    const prices = readPriceList();
    const bill = salesBill(measuredChanges, { stack, facts, prices }, changesPerSecond);
    return { ...bill, prices, changesPerSecond, measured: changes, bytesPerOrder: measuredChanges.bytesPerOrder };
  } finally {
    await rm(assemblyFolder, { recursive: true, force: true });
  }
}
