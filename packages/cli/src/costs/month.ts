import type { Units } from '@tweet-pipes/local-aws/meter/metered';
import { FIXED_RATE } from '@tweet-pipes/local-aws/meter/trace-sampling';
import { type Bill, makeBill } from './bill.ts';
import type { Load } from './capacity.ts';
import { SECONDS_PER_MONTH } from './month-length.ts';
import type { PriceList } from './price-list.ts';
import type { AppFacts, DeliveryFacts } from './stack-facts.ts';
import { standingFor } from './standing.ts';
import { countedFor, mapStacks, scaledUsage, type Usage } from './usage.ts';

/** What a number of records used, in batches of one size. */
export interface Measured {
  usage: Usage;
  records: number;
  /** Of the pipeline's workflow. */
  executions: number;
}

/** The bill for a month of 730 hours at a steady rate: what the records use, and what is paid by time. */
export function monthOf(
  { usage, records }: Measured,
  load: Load,
  { facts, prices }: { facts: AppFacts; prices: PriceList },
): Bill {
  const month = scaledUsage(usage, (load.recordsPerSecond * SECONDS_PER_MONTH) / records);
  const units = mapStacks(month.units, (ofStack, stack) => ({
    ...ofStack,
    xrayTraces: ofStack.xrayTraces === 0 ? 0 : tracesOf(ofStack.expressRequests / SECONDS_PER_MONTH),
    // The polls of an idle stream, which standingFor counts, include the reads of records.
    dynamodbStreamReads: 0,
    s3Writes: ofStack.s3Writes - ofStack.s3DeliveredObjects + objectsOf(ofStack, facts.stacks[stack]?.deliveries, load),
  }));
  const counted = countedFor({ ...month, units }, facts);
  return makeBill(
    mapStacks(facts.stacks, (stack, name) => ({ ...counted[name], ...standingFor(stack) })),
    prices,
  );
}

/** X-Ray's default rule at a steady rate: one a second, then a share of the rest. */
function tracesOf(executionsPerSecond: number): number {
  const sampled = Math.min(1, executionsPerSecond) + FIXED_RATE * Math.max(0, executionsPerSecond - 1);
  return sampled * SECONDS_PER_MONTH;
}

/**
 * The objects that Firehose writes in a month, at most: as if each delivery stream got every record, and each object of
 * records had one of failed records beside it. Not more than in proportion to the objects of the run, whose buffers are
 * shorter.
 */
function objectsOf({ s3DeliveredObjects }: Units, deliveries: readonly DeliveryFacts[] = [], load: Load): number {
  const perSecond = deliveries.map(({ intervalSeconds, bufferBytes, hasTransformation }) => {
    const bytesPerSecond = load.recordsPerSecond * load.bytesPerRecord;
    const objects = Math.max(1 / Math.max(1, intervalSeconds), bytesPerSecond / bufferBytes);
    return hasTransformation ? 2 * objects : objects;
  });
  return Math.min(s3DeliveredObjects, perSecond.reduce((sum, each) => sum + each, 0) * SECONDS_PER_MONTH);
}
