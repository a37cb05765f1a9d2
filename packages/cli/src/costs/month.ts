import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { FIXED_RATE } from '@tweet-pipes/local-aws/meter/trace-sampling';
import type { Config } from '../../../../infra/config.ts';
import { type Bill, billOf } from './bill.ts';
import { SECONDS_PER_MONTH } from './month-length.ts';
import type { PriceList } from './price-list.ts';
import { standingFor } from './standing.ts';
import { countedFor, scaledUsage, type Usage } from './usage.ts';

/** What some records have used in batches of one size. */
export interface Measured {
  usage: Usage;
  records: number;
  executions: number;
}

/** A month of 730 hours at a steady rate: what the records use, and what the stack costs while it stands. */
export function monthOf(
  { usage, records, executions }: Measured,
  recordsPerSecond: number,
  { template, config, prices }: { template: Template; config: Config; prices: PriceList },
): Bill {
  const month = scaledUsage(usage, (recordsPerSecond * SECONDS_PER_MONTH) / records);
  const xrayTraces = usage.units.xrayTraces === 0 ? 0 : tracesOf((executions / records) * recordsPerSecond);
  // Polling reads what there is in passing.
  const units = { ...month.units, xrayTraces, dynamodbStreamReads: 0 };
  return billOf({ ...countedFor({ ...month, units }, config), ...standingFor(template, config) }, prices);
}

/** X-Ray's default rule at a steady rate: one a second, then a share of the rest. */
function tracesOf(executionsPerSecond: number): number {
  const sampled = Math.min(1, executionsPerSecond) + FIXED_RATE * Math.max(0, executionsPerSecond - 1);
  return sampled * SECONDS_PER_MONTH;
}
