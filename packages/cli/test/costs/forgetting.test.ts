import { describe, expect, it } from '@jest/globals';
import { noUnits } from '@tweet-pipes/local-aws/meter/metered';
import { forgettingFor } from '../../src/costs/forgetting.ts';
import type { ForgettingFacts } from '../../src/costs/forgetting-facts.ts';
import { monthOf } from '../../src/costs/month.ts';
import { readPriceList } from '../../src/costs/price-list.ts';
import type { AppFacts } from '../../src/costs/stack-facts.ts';
import { coreFacts, emptyStack } from './facts.ts';

const day = 24 * 3600;
const everyTenSeconds = { intervalSeconds: 10, bufferBytes: 1e9, hasTransformation: true };

const retentionDays = { 'tweets/': 100, 'sentiment/': 100, 'errors/': 10, 'quarantine/': 20, 'deleted/': 30 };

function facts(changed: Partial<ForgettingFacts> = {}): AppFacts {
  const { core, pipeline, stacks } = coreFacts({ deletionRetentionDays: 50 });
  const Lake = { ...emptyStack, deliveries: [everyTenSeconds] };
  const forgetting = { stack: 'Lake', everyHours: 10, memoryGigabytes: 2, searchesArchive: false, retentionDays };
  return { core, pipeline, stacks: { ...stacks, Lake }, forgetting: { ...forgetting, ...changed } };
}

const load = { recordsPerSecond: 100, bytesPerRecord: 400 };
/** Of 1,000 records ten are deletions, whose tombstones have 150 bytes and 50 to come, and one is quarantined. */
const measured = {
  usage: {
    units: { Core: { ...noUnits, s3Writes: 4, s3DeliveredObjects: 3 }, Lake: noUnits },
    tweetBytes: 0,
    deletionBytes: 10 * (150 + 100),
  },
  records: 1_000,
  executions: 10,
  counterUpdates: 0,
  deletions: 10,
};
const ofMonth = (changed: Partial<typeof measured> = {}, changedFacts = facts()) => {
  const month = forgettingFor({ ...measured, ...changed }, load, changedFacts);
  if (month === undefined) throw new Error('There is no forgetting.');
  return month;
};

const runs = 73;
const files = (100 * day) / 10;
/** A failed record in each of ten seconds, since one of 1,000 is. */
const errors = (10 * day) / 10;
const quarantined = (20 * day) / 10;
/** Ten of 1,000 records, for ten hours. */
const deletionsPerRun = 36_000;
const requestsForFiles = files + errors + 3 * deletionsPerRun;
const secondsOfSearch = 0.06 * (requestsForFiles / 4 + quarantined / 32) + (100 * 100 * day) / 450_000;
/** Searches for which Lambda has the time. */
const searches = (runs * 3 * 780) / secondsOfSearch;

describe('a month of forgetting', () => {
  it('reads all objects of lake and quarantine in each search, as far as its time goes, and lists them by the thousand', () => {
    const { counted, objects } = ofMonth();
    expect(objects).toBe(files + errors + quarantined);
    expect(counted.Core?.s3Reads).toBeCloseTo(searches * quarantined);
    expect(counted.Core?.s3Writes).toBeCloseTo(searches * (quarantined / 1_000));
    expect(counted.Lake?.s3Reads).toBeCloseTo(searches * (files + errors + 2 * deletionsPerRun));
    expect(counted.Lake?.s3Writes).toBeCloseTo(
      searches * (files / 1_000 + errors / 1_000 + 1 + deletionsPerRun) + runs * 5,
    );
  });

  it('scans the tombstones at each invocation, and writes two notes on each new one', () => {
    const { counted } = ofMonth();
    const tombstones = 1 * 50 * day;
    expect(counted.Core?.dynamodbReadUnits).toBeCloseTo((runs * 3 * tombstones * (150 + 50)) / 4096);
    expect(counted.Core?.dynamodbWriteUnits).toBeCloseTo(2 * searches * deletionsPerRun);
  });

  it('pays the function for the objects, four at a time, and for the rows', () => {
    const { counted, seconds, secondsPerDay } = ofMonth();
    expect(seconds).toBeCloseTo(secondsOfSearch);
    expect(secondsPerDay).toBe(2.4 * 3 * 780);
    expect(counted.Lake).toMatchObject({ schedulerInvocations: runs });
    expect(counted.Lake?.lambdaRequests).toBeCloseTo(runs * 3);
    expect(counted.Lake?.lambdaGigabyteSeconds).toBeCloseTo(runs * 3 * 780 * 2);
    const few = ofMonth(
      {},
      facts({
        retentionDays: { ...retentionDays, 'tweets/': 0.1, 'errors/': 1, 'quarantine/': 1 },
      }),
    );
    expect(few.counted.Lake?.lambdaGigabyteSeconds).toBeCloseTo(runs * few.seconds * 2, 0);
  });

  it('searches only what is new where deletions are rare', () => {
    const rare = forgettingFor({ ...measured, deletions: 1e-6 }, load, facts());
    const recent = (11 * 3600) / 10;
    const isNew = 1 - Math.exp(-(1e-6 / 1_000) * 100 * 36_000);
    expect(rare?.counted.Core?.s3Reads).toBeCloseTo(runs * (isNew * quarantined + (1 - isNew) * recent));
  });

  it('lists nothing where nothing was ever deleted', () => {
    const { counted, objects } = ofMonth({ deletions: 0 });
    expect(objects).toBe(0);
    expect(counted.Core).toMatchObject({ dynamodbReadUnits: runs, dynamodbWriteUnits: 0, s3Reads: 0, s3Writes: 0 });
    expect(counted.Lake).toMatchObject({
      s3Reads: 0,
      s3Writes: runs * 5,
      lambdaRequests: runs,
      lambdaGigabyteSeconds: 0,
    });
  });

  it('searches the archive too if that must keep no content, and the sentiment if there is one', () => {
    const { stacks, ...others } = facts({ searchesArchive: true });
    const everyMinute = { intervalSeconds: 60, bufferBytes: 1e9, hasTransformation: false };
    const { objects } = ofMonth(
      {},
      {
        ...others,
        stacks: {
          Core: { ...emptyStack, deliveries: [everyMinute, everyMinute] },
          Lake: { ...emptyStack, deliveries: [everyTenSeconds, everyMinute] },
        },
      },
    );
    expect(objects).toBe(files + errors + quarantined + (30 * day) / 60 + (100 * day) / 60);
  });

  it('is in the bill of the month, and no part of one without the job', () => {
    const prices = readPriceList();
    const amountIn = (of: AppFacts, item: string) =>
      monthOf(measured, load, { facts: of, prices }).lines.find((line) => line.stack === 'Lake' && line.item === item)
        ?.amount;
    expect(amountIn(facts(), 's3Reads')).toBeCloseTo((ofMonth().counted.Lake?.s3Reads ?? 0) / 1e6, 3);
    const { forgetting: _, ...without } = facts();
    expect(amountIn(without, 's3Reads')).toBeUndefined();
    expect(forgettingFor(measured, load, without)).toBeUndefined();
  });
});
