import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IngestFixture } from '../statemachines/ingest-fixture.ts';
import { disorderlyHistories, orderlyHistories, overlappingHistories } from './history.ts';
import { expectedOutcome } from './model.ts';
import { play } from './play.ts';
import { streams } from './stream.ts';
import { unreported } from './unreported.ts';

/** Histories per property; the seed is fixed unless PROPERTY_SEED is set. See docs/reliability.md. */
const runs = Number(process.env.PROPERTY_RUNS ?? 100);
const seed = Number(process.env.PROPERTY_SEED ?? 1);
const options = { numRuns: runs, seed, endOnFailure: process.env.PROPERTY_SHRINK === '0' };
const limitMs = 60_000 + runs * 3_000;

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterAll(() => fixture.stop());

describe('counts, tweets, deletions, archive and quarantine are what the stream says', () => {
  it(
    'under every crash, throttling, lost answer, partial failure and redelivery, one execution at a time',
    async () => {
      const property = fc.asyncProperty(streams(10), orderlyHistories, async (stream, history) => {
        const { outcome } = await play(fixture, stream, history);
        expect(outcome).toEqual(expectedOutcome(stream));
      });
      await fc.assert(property, options);
    },
    limitMs,
  );

  it(
    'also when executions run on while and after their records are delivered again',
    async () => {
      const property = fc.asyncProperty(streams(10), overlappingHistories, async (stream, history) => {
        const { outcome, overlapped } = await play(fixture, stream, history);
        const expected = expectedOutcome(stream);
        const { outOfOrder, archive, ...rest } = outcome;
        expect({ ...rest, archive: expected.archive, outOfOrder: [] }).toEqual(expected);
        expect(archive).toEqual(expect.arrayContaining(expected.archive));
        // Two executions of one record may each report the other's work as a broken order, and a copy that one of them
        // stored too late is removed again.
        const unexplained = [...outOfOrder, ...archive.filter((line) => !expected.archive.includes(line))];
        expect(unexplained.filter((line) => !overlapped.has(line.split(' ').at(-1) ?? ''))).toEqual([]);
      });
      await fc.assert(property, options);
    },
    limitMs,
  );
});

describe('a broken order', () => {
  it(
    'is never silent: whatever differs from what the stream says belongs to an id that is reported',
    async () => {
      const property = fc.asyncProperty(streams(10), disorderlyHistories, async (stream, history) => {
        const { outcome, unanswered } = await play(fixture, stream, history);
        expect(unreported(stream, outcome, unanswered)).toEqual([]);
      });
      await fc.assert(property, options);
    },
    limitMs,
  );
});
