import { type Load, provisionedShards } from './capacity.ts';
import { type Measured, monthOf } from './month.ts';
import type { PriceList } from './price-list.ts';
import type { StackFacts } from './stack-facts.ts';
import type { Usage } from './usage.ts';

/** An option that makes the month cheaper. */
export interface Alternative {
  /** As for `cdk deploy`: `tweetPipes:logLevel=ERROR`. */
  option: string;
  /** What is given up for it. */
  tradeOff: string;
  /** The month with this option, and all others unchanged. */
  usd: number;
}

/** What a month is computed from. */
export interface MonthBasis {
  measured: Measured;
  load: Load;
  /** Of the stack that the month is for, not of the one that was measured. */
  facts: StackFacts;
  prices: PriceList;
}

/** The options that lower the month and whose effect follows from what was measured, the cheapest first. */
export function alternativesTo(basis: MonthBasis): Alternative[] {
  const { measured, load, facts } = basis;
  const usd = (changed: { usage?: Usage; facts?: Partial<StackFacts> }) =>
    monthOf({ ...measured, usage: changed.usage ?? measured.usage }, load.recordsPerSecond, {
      ...basis,
      facts: { ...facts, ...changed.facts },
    }).usd;
  const without = (item: 'workflowLogBytes' | 'xrayTraces'): Usage => ({
    ...measured.usage,
    units: { ...measured.usage.units, [item]: 0 },
  });
  const now = usd({});
  const shards = provisionedShards(load);
  const alternatives: Alternative[] = [
    { option: 'tweetPipes:tracing=false', tradeOff: 'no X-Ray traces', usd: usd({ usage: without('xrayTraces') }) },
    {
      option: `tweetPipes:shards=${shards}`,
      tradeOff: 'you change the number of shards when the rate changes',
      usd: usd({ facts: { shards } }),
    },
    {
      option: 'tweetPipes:shards=on-demand',
      tradeOff: 'nothing: the stream grows and shrinks by itself',
      usd: usd({ facts: { shards: 'on-demand' } }),
    },
  ];
  if (facts.logLevel === 'ALL') {
    alternatives.push({
      option: 'tweetPipes:logLevel=ERROR',
      tradeOff: 'batches that went well cannot be traced in the console',
      usd: usd({ usage: without('workflowLogBytes') }),
    });
  }
  return alternatives.filter((each) => each.usd < now).sort((a, b) => a.usd - b.usd);
}
