import { FIXED_RATE } from '@tweet-pipes/local-aws/meter/trace-sampling';
import { type Bill, makeBill } from './bill.ts';
import { SECONDS_PER_MONTH } from './month-length.ts';
import type { PriceList } from './price-list.ts';
import type { StackFacts } from './stack-facts.ts';
import { standingFor } from './standing.ts';
import { countedFor, scaledUsage, type Usage } from './usage.ts';

/** What a number of records used, in batches of one size. */
export interface Measured {
  usage: Usage;
  records: number;
  executions: number;
}

/** The bill for a month of 730 hours at a steady rate: what the records use, and what is paid by time. */
export function monthOf(
  { usage, records, executions }: Measured,
  recordsPerSecond: number,
  { facts, prices }: { facts: StackFacts; prices: PriceList },
): Bill {
  const month = scaledUsage(usage, (recordsPerSecond * SECONDS_PER_MONTH) / records);
  const xrayTraces = usage.units.xrayTraces === 0 ? 0 : tracesOf((executions / records) * recordsPerSecond);
  // The polls of an idle stream, which standingFor counts, include the reads of records.
  const units = { ...month.units, xrayTraces, dynamodbStreamReads: 0 };
  return makeBill({ ...countedFor({ ...month, units }, facts), ...standingFor(facts) }, prices);
}

/** X-Ray's default rule at a steady rate: one a second, then a share of the rest. */
function tracesOf(executionsPerSecond: number): number {
  const sampled = Math.min(1, executionsPerSecond) + FIXED_RATE * Math.max(0, executionsPerSecond - 1);
  return sampled * SECONDS_PER_MONTH;
}
