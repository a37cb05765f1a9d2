import { describe, expect, it } from '@jest/globals';
import { noUnits } from '@tweet-pipes/local-aws/meter/metered';
import { alternativesTo, type MonthBasis } from '../../src/costs/alternatives.ts';
import { monthOf } from '../../src/costs/month.ts';
import { readPriceList } from '../../src/costs/price-list.ts';
import type { StackFacts } from '../../src/costs/stack-facts.ts';
import { defaultFacts } from './facts.ts';

const units = {
  ...noUnits,
  dynamodbWriteUnits: 1_500,
  workflowLogBytes: 8_000_000,
  kinesisIngestedBytes: 1_024_000,
  kinesisPutUnits: 1_000,
  expressRequests: 10,
  dynamodbStreamReads: 7,
  xrayTraces: 10,
};
const measured = { usage: { units, tweetBytes: 0, deletionBytes: 0 }, records: 1_000, executions: 10 };

function basis(recordsPerSecond: number, changed: Partial<StackFacts> = {}): MonthBasis {
  const load = { recordsPerSecond, bytesPerRecord: 400 };
  return { measured, load, facts: { ...defaultFacts, ...changed }, prices: readPriceList() };
}

describe('a month', () => {
  it('is what a sample used, as often as the rate has it in 730 hours', () => {
    const { lines } = monthOf(measured, 100, basis(100));
    const amounts = new Map(lines.map(({ item, amount }) => [item, amount]));
    expect(amounts.get('dynamodbWriteUnits')).toBeCloseTo(1.5 * 100 * 2.628, 4);
    expect(amounts.get('onDemandStreamHours')).toBe(730);
  });

  it('traces one execution a second and 5 % of the others', () => {
    const traces = (rate: number) =>
      monthOf(measured, rate, basis(rate)).lines.find(({ item }) => item === 'xrayTraces')?.amount;
    expect(traces(50)).toBeCloseTo(0.5 * 2.628, 4);
    expect(traces(2_100)).toBeCloseTo((1 + 0.05 * 20) * 2.628, 4);
  });

  it('does not count reads of table streams beside their polling', () => {
    expect(monthOf(measured, 100, basis(100)).lines.map(({ item }) => item)).not.toContain('dynamodbStreamReads');
  });
});

describe('the options that lower a month', () => {
  it('begin with the one that lowers it most, and none of them raises it', () => {
    const alternatives = alternativesTo(basis(100));
    expect(alternatives.map(({ option }) => option)).toEqual([
      'tweetPipes:logLevel=ERROR',
      'tweetPipes:shards=1',
      'tweetPipes:tracing=false',
    ]);
    const now = monthOf(measured, 100, basis(100)).usd;
    for (const { usd } of alternatives) expect(usd).toBeLessThan(now);
  });

  it('offer no log level where nothing is logged, and no tracing where nothing is traced', () => {
    const quiet = {
      ...measured,
      usage: { ...measured.usage, units: { ...units, workflowLogBytes: 0, xrayTraces: 0 } },
    };
    const options = alternativesTo({ ...basis(100), measured: quiet }).map(({ option }) => option);
    expect(options).toEqual(['tweetPipes:shards=1']);
  });

  it('offer no log level to whom logs errors only, though errors were logged', () => {
    const options = alternativesTo(basis(100, { logLevel: 'ERROR' })).map(({ option }) => option);
    expect(options).toEqual(['tweetPipes:shards=1', 'tweetPipes:tracing=false']);
  });

  it('offer an on-demand stream to whom shards cost more', () => {
    const options = alternativesTo(basis(1, { shards: 50 })).map(({ option }) => option);
    expect(options).toContain('tweetPipes:shards=on-demand');
  });
});
