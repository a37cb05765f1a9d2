import { describe, expect, it } from '@jest/globals';
import { noUnits } from '@tweet-pipes/local-aws/meter/metered';
import { alternativesTo, type MonthBasis } from '../../src/costs/alternatives.ts';
import { monthOf } from '../../src/costs/month.ts';
import { readPriceList } from '../../src/costs/price-list.ts';
import type { PipelineFacts } from '../../src/costs/stack-facts.ts';
import { coreFacts, emptyStack } from './facts.ts';

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
const measured = {
  usage: { units: { Core: units }, tweetBytes: 0, deletionBytes: 0 },
  records: 1_000,
  executions: 10,
  counterUpdates: 0,
  deletions: 0,
};

const load = (recordsPerSecond: number) => ({ recordsPerSecond, bytesPerRecord: 400 });

function basis(recordsPerSecond: number, changed: Partial<PipelineFacts> = {}): MonthBasis {
  return { measured, load: load(recordsPerSecond), facts: coreFacts(changed), prices: readPriceList() };
}

describe('a month', () => {
  it('is what a sample used, as often as the rate has it in 730 hours', () => {
    const { lines } = monthOf(measured, load(100), basis(100));
    const amounts = new Map(lines.map(({ item, amount }) => [item, amount]));
    expect(amounts.get('dynamodbWriteUnits')).toBeCloseTo(1.5 * 100 * 2.628, 4);
    expect(amounts.get('onDemandStreamHours')).toBe(730);
  });

  it('traces one execution a second and 5 % of the others', () => {
    const traces = (rate: number) =>
      monthOf(measured, load(rate), basis(rate)).lines.find(({ item }) => item === 'xrayTraces')?.amount;
    expect(traces(50)).toBeCloseTo(0.5 * 2.628, 4);
    expect(traces(2_100)).toBeCloseTo((1 + 0.05 * 20) * 2.628, 4);
  });

  it.each([
    [15, 1, 1],
    [16, 1, 2],
    [143, 1, 9],
    [143, 10, 1],
  ])('with %i shards and %i items writes a counter with %i units', (shards, counterItems, unitsOfUpdate) => {
    const facts = coreFacts({ stream: { shards, retentionHours: 24 }, counterItems });
    const { lines } = monthOf({ ...measured, counterUpdates: 500 }, load(100), { ...basis(100), facts });
    const written = lines.find(({ item }) => item === 'dynamodbWriteUnits')?.amount;
    expect(written).toBeCloseTo((1 + 0.5 * unitsOfUpdate) * 100 * 2.628, 3);
  });

  it('does not count reads of table streams beside their polling', () => {
    expect(monthOf(measured, load(100), basis(100)).lines.map(({ item }) => item)).not.toContain('dynamodbStreamReads');
  });
});

describe('objects that Firehose writes', () => {
  const writes = (recordsPerSecond: number, delivered: number) => {
    const { stacks, ...facts } = coreFacts();
    const delivery = { intervalSeconds: 300, bufferBytes: 64 * 1024 * 1024, hasTransformation: true };
    const Lake = { ...emptyStack, deliveries: [delivery] };
    const ofLake = { ...noUnits, s3Writes: delivered + 3, s3DeliveredObjects: delivered };
    const usage = { ...measured.usage, units: { Core: noUnits, Lake: ofLake } };
    const month = monthOf({ ...measured, usage }, load(recordsPerSecond), {
      facts: { ...facts, stacks: { ...stacks, Lake } },
      prices: readPriceList(),
    });
    const [line, ...others] = month.lines.filter(({ stack, item }) => stack === 'Lake' && item === 's3Writes');
    expect(others).toEqual([]);
    return ((line?.amount ?? 0) * 1e6) / 2_628_000;
  };

  it('depend on the interval of the buffer, with one of failed records beside each', () => {
    expect(writes(100, 20)).toBeCloseTo(3 * 0.1 + 2 / 300, 3);
  });

  it('depend on its size where that comes first', () => {
    const bytesPerSecond = 10_000 * 400;
    expect(writes(10_000, 20)).toBeCloseTo(3 * 10 + (2 * bytesPerSecond) / (64 * 1024 * 1024), 3);
  });

  it('are not more than in the run, where few records come', () => {
    expect(writes(0.1, 1)).toBeCloseTo(4 * 0.0001, 4);
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
    const now = monthOf(measured, load(100), basis(100)).usd;
    for (const { usd } of alternatives) expect(usd).toBeLessThan(now);
  });

  it('offer no log level where nothing is logged, and no tracing where nothing is traced', () => {
    const quiet = {
      ...measured,
      usage: { ...measured.usage, units: { Core: { ...units, workflowLogBytes: 0, xrayTraces: 0 } } },
    };
    const options = alternativesTo({ ...basis(100), measured: quiet }).map(({ option }) => option);
    expect(options).toEqual(['tweetPipes:shards=1']);
  });

  it('offer no log level to whom logs errors only, though errors were logged', () => {
    const options = alternativesTo(basis(100, { logLevel: 'ERROR' })).map(({ option }) => option);
    expect(options).toEqual(['tweetPipes:shards=1', 'tweetPipes:tracing=false']);
  });

  it('offer as many items of a counter as let each have the marks of 15 shards', () => {
    const many = { ...basis(10_000, { stream: { shards: 40, retentionHours: 24 } }) };
    const offered = (counterUpdates: number) =>
      alternativesTo({ ...many, measured: { ...measured, counterUpdates } }).map(({ option }) => option);
    expect(offered(500)).toContain('tweetPipes:counterItems=3');
    expect(offered(0).filter((option) => option.includes('counterItems'))).toEqual([]);
  });

  it('offer no more items of a counter than the option takes', () => {
    const most = { ...basis(1_000_000), measured: { ...measured, counterUpdates: 500 } };
    expect(alternativesTo(most).map(({ option }) => option)).toContain('tweetPipes:counterItems=100');
  });

  it('offer an on-demand stream to whom shards cost more', () => {
    const options = alternativesTo(basis(1, { stream: { shards: 50, retentionHours: 24 } })).map(
      ({ option }) => option,
    );
    expect(options).toContain('tweetPipes:shards=on-demand');
  });
});
