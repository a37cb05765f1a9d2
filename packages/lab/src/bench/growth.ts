import { join } from 'node:path';
import type { GenerateOptions } from '@tweet-pipes/producer/sources/generate';
import { drainFlowing } from './drain.ts';
import { measureProcesses } from './long-run/footprint.ts';
import { Measurements } from './measurements.ts';
import { readMeter, since } from './meter.ts';
import { tweetsForShards } from './records.ts';
import { type BenchStack, startStack } from './stack.ts';
import type { BenchContext, Subject } from './subject.ts';

const [shards, warmUp] = [4, 400];
/** Distributions of hashtags, from uniform to a single one. */
const skews: readonly { name: string; generate: GenerateOptions }[] = [
  { name: 'all hashtags alike', generate: { skew: 0 } },
  { name: 'Zipf 1, as in reality', generate: { skew: 1 } },
  { name: 'Zipf 2', generate: { skew: 2 } },
  { name: 'one hashtag only', generate: { hashtags: 1 } },
];
const perSkew = 2_000;

/** Whether time and writes per record grow with the number of records and with the frequency of a hashtag. */
export const growth: Subject = {
  name: 'growth',
  description:
    'time and write units for a record, from 10^3 records up, and from hashtags all alike to one in every tweet',
  async run(context) {
    const results = new Measurements();
    for (const { name, generate } of skews) {
      const steps = name.startsWith('Zipf 1') ? stepsUpTo(context.growthRecords) : [warmUp, perSkew];
      context.doing(name);
      const stack = await startStack({
        dataFolder: join(context.folder, name),
        options: { shards },
        nodeFlags: context.nodeFlags,
      });
      try {
        await grow(stack, { name, generate, steps }, results, context);
      } finally {
        await stack.stop();
      }
    }
    return {
      figures: results.figures,
      ratios: [],
      notes: [],
    };
  },
};

/** 1,000, 3,000, 10,000 … up to and including `last`. */
export function stepsUpTo(last: number): number[] {
  const steps: number[] = [];
  for (let decade = 1_000; decade < last; decade *= 10) {
    for (const step of [decade, decade * 3]) if (step < last) steps.push(step);
  }
  return [...steps, last];
}

/**
 * Feeds up to each step on the same runtime and measures the records of the step. The first of only two steps is a
 * warm-up and is not reported.
 */
async function grow(
  stack: BenchStack,
  { name, generate, steps }: { name: string; generate: GenerateOptions; steps: readonly number[] },
  results: Measurements,
  { signal, doing }: BenchContext,
): Promise<void> {
  let fed = 0;
  for (const [index, step] of steps.entries()) {
    doing(`${name}, up to ${step}`);
    const milliseconds: number[] = [];
    const before = await state(stack);
    const from = fed;
    while (fed < step) {
      const perShard = Math.ceil(Math.min(20_000, step - fed) / shards);
      const records = await tweetsForShards({ form: 'compact', seed: fed, shards, perShard, generate });
      milliseconds.push((await drainFlowing(stack, records, signal)).milliseconds);
      fed += records.length;
    }
    const after = await state(stack);
    const label = steps.length === 2 ? name : `${name}, records ${from + 1} to ${fed}`;
    const each = (total: number) => total / (fed - from);
    if (steps.length === 2 && index === 0) continue;
    results.add(`${label}: time`, 'ms/record', each(milliseconds.reduce((sum, part) => sum + part, 0)));
    results.add(`${label}: processor time`, 'ms/record', each((after.cpuSeconds - before.cpuSeconds) * 1000));
    const { units } = since(before.meter, after.meter);
    results.add(`${label}: writes`, 'write units/record', each(units.dynamodbWriteUnits));
    results.add(`${label}: reads`, 'read units/record', each(units.dynamodbReadUnits));
  }
}

async function state({ runtime }: BenchStack) {
  const { cpuSeconds } = await measureProcesses(runtime.pid);
  return {
    cpuSeconds: cpuSeconds.runtime + cpuSeconds.dynamodb + cpuSeconds.functions,
    meter: await readMeter(runtime.endpoint),
  };
}
