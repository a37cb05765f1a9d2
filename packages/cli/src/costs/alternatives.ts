import { type Load, provisionedShards, shardsUnder } from './capacity.ts';
import { cheapestCounterItems } from './counter-units.ts';
import { monthOf } from './month.ts';
import type { PriceList } from './price-list.ts';
import type { AppFacts, StreamFacts } from './stack-facts.ts';
import { type Measured, mapStacks, type Usage } from './usage.ts';

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
  /** Of the stacks that the month is for, not of those that were measured. */
  facts: AppFacts;
  prices: PriceList;
}

/** The options that lower the month and whose effect follows from what was measured, the cheapest first. */
export function alternativesTo(basis: MonthBasis): Alternative[] {
  const { measured, load, facts } = basis;
  const usd = (changed: { usage?: Usage; facts?: AppFacts }) =>
    monthOf({ ...measured, usage: changed.usage ?? measured.usage }, load, {
      ...basis,
      facts: changed.facts ?? facts,
    }).usd;
  const now = usd({});
  const shards = provisionedShards(load);
  const alternatives: Alternative[] = [
    {
      option: 'tweetPipes:tracing=false',
      tradeOff: 'no X-Ray traces',
      usd: usd({ usage: withoutItem(measured.usage, 'xrayTraces') }),
    },
    {
      option: `tweetPipes:shards=${shards}`,
      tradeOff: 'you change the number of shards when the rate changes',
      usd: usd({ facts: withShards(facts, shards) }),
    },
    {
      option: 'tweetPipes:shards=on-demand',
      tradeOff: 'nothing: the stream grows and shrinks by itself',
      usd: usd({ facts: withShards(facts, 'on-demand') }),
    },
  ];
  const counterItems = cheapestCounterItems(shardsUnder(load, facts.pipeline.stream.shards));
  if (counterItems > facts.pipeline.counterItems) {
    alternatives.push({
      option: `tweetPipes:counterItems=${counterItems}`,
      tradeOff: 'queries of your own must sum the items of a hashtag',
      usd: usd({ facts: { ...facts, pipeline: { ...facts.pipeline, counterItems } } }),
    });
  }
  if (facts.pipeline.logLevel === 'ALL') {
    alternatives.push({
      option: 'tweetPipes:logLevel=ERROR',
      tradeOff: 'batches that went well cannot be traced in the console',
      usd: usd({ usage: withoutItem(measured.usage, 'workflowLogBytes') }),
    });
  }
  return alternatives.filter((each) => each.usd < now).sort((a, b) => a.usd - b.usd);
}

/** The usage without what an option switches off. */
export function withoutItem(usage: Usage, item: 'workflowLogBytes' | 'xrayTraces'): Usage {
  return { ...usage, units: mapStacks(usage.units, (units) => ({ ...units, [item]: 0 })) };
}

/** The facts with another mode of the pipeline's stream. */
export function withShards(facts: AppFacts, shards: StreamFacts['shards']): AppFacts {
  const { core, pipeline, stacks } = facts;
  const stream = { ...pipeline.stream, shards };
  return {
    ...facts,
    pipeline: { ...pipeline, stream },
    stacks: mapStacks(stacks, (stack, name) => (name === core ? { ...stack, streams: [stream] } : stack)),
  };
}
