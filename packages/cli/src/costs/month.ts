import type { Units } from '@tweet-pipes/local-aws/meter/metered';
import { FIXED_RATE } from '@tweet-pipes/local-aws/meter/trace-sampling';
import { type Bill, type CountedByStack, makeBill } from './bill.ts';
import { type Load, shardsUnder } from './capacity.ts';
import { counterUnits } from './counter-units.ts';
import { objectsPerSecond } from './delivered-objects.ts';
import { forgettingFor } from './forgetting.ts';
import { SECONDS_PER_MONTH } from './month-length.ts';
import { type PriceList, type UsedItem, usedItems } from './price-list.ts';
import type { AppFacts, DeliveryFacts } from './stack-facts.ts';
import { standingFor } from './standing.ts';
import { countedFor, type Measured, mapStacks, scaledUsage } from './usage.ts';

/** The bill for a month of 730 hours at a steady rate: what the records use, and what is paid by time. */
export function monthOf(
  measured: Measured,
  load: Load,
  { facts, prices }: { facts: AppFacts; prices: PriceList },
): Bill {
  const { usage, records } = measured;
  const factor = (load.recordsPerSecond * SECONDS_PER_MONTH) / records;
  const month = scaledUsage(usage, factor);
  const growthOf = (stack: string) => (stack === facts.core ? counterGrowth(measured, load, facts) * factor : 0);
  const units = mapStacks(month.units, (ofStack, stack) => ({
    ...ofStack,
    dynamodbWriteUnits: ofStack.dynamodbWriteUnits + growthOf(stack),
    xrayTraces: ofStack.xrayTraces === 0 ? 0 : tracesOf(ofStack.expressRequests / SECONDS_PER_MONTH),
    // The polls of an idle stream, which standingFor counts, include the reads of records.
    dynamodbStreamReads: 0,
    s3Writes: ofStack.s3Writes - ofStack.s3DeliveredObjects + objectsOf(ofStack, facts.stacks[stack]?.deliveries, load),
  }));
  const counted = countedFor({ ...month, units }, facts);
  const forgetting = forgettingFor(measured, load, facts);
  return makeBill(
    mapStacks(facts.stacks, (stack, name) => ({
      ...added(counted[name] ?? {}, forgetting?.counted[name] ?? {}),
      ...standingFor(stack),
    })),
    prices,
  );
}

/**
 * Write units of counters beyond one for each update: a measurement ends before a counter has the marks of all shards.
 */
function counterGrowth({ counterUpdates }: Measured, load: Load, { pipeline }: AppFacts): number {
  const shards = shardsUnder(load, pipeline.stream.shards);
  return counterUpdates * (counterUnits(shards, pipeline.counterItems) - 1);
}

/** The amounts of both, item by item. */
function added(one: CountedByStack[string], other: CountedByStack[string]): CountedByStack[string] {
  const sum = (item: UsedItem) => (one[item] ?? 0) + (other[item] ?? 0);
  return { ...one, ...Object.fromEntries(usedItems.map((item) => [item, sum(item)])) };
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
  const perSecond = deliveries.map(
    (delivery) => objectsPerSecond(delivery, load) * (delivery.hasTransformation ? 2 : 1),
  );
  return Math.min(s3DeliveredObjects, perSecond.reduce((sum, each) => sum + each, 0) * SECONDS_PER_MONTH);
}
