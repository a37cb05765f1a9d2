import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Crash, ForgettingFixture, noticeRow, type Row, tweetRow } from './forgetting-fixture.ts';

const id = fc.constantFrom('1', '2', '3', 'a"b', 'ü');
const hashtags = fc.subarray(['sea', 'sky', 'sun']);

/** Records of a stream in their order, each written to one file or two. */
const records = fc.array(
  fc.record({
    id,
    hashtags,
    isNotice: fc.boolean(),
    files: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 12 },
);

interface StreamRecord {
  id: string;
  hashtags: string[];
  isNotice: boolean;
  /** Numbers of the files that hold it. */
  files: number[];
}

function stored(events: readonly StreamRecord[], isVersioned: boolean): ForgettingFixture {
  const fixture = new ForgettingFixture({ isVersioned });
  deliver(fixture, events, () => true);
  return fixture;
}

/** Deletes what is to be deleted, and writes some of the files. */
function deliver(fixture: ForgettingFixture, events: readonly StreamRecord[], isDue: (file: number) => boolean): void {
  const files = new Map<number, Row[]>();
  for (const [sequence, event] of events.entries()) {
    const row = event.isNotice ? noticeRow(event.id, sequence) : tweetRow(event.id, sequence, event.hashtags);
    if (event.isNotice) fixture.delete(event.id, sequence);
    for (const file of event.files.filter(isDue)) files.set(file, [...(files.get(file) ?? []), row]);
  }
  for (const [file, rows] of files) fixture.putRows(`tweets/2026/11/20/1${file}/f.jsonl.gz`, rows);
}

/** What must be left of the files: all rows but those of tweets with a tombstone, to the byte. */
function expectedRows(fixture: ForgettingFixture): Record<string, string[]> {
  return lakeRows(fixture, (line) => {
    const row: Row = JSON.parse(line);
    return row.kind === 'delete' || !fixture.tombstones.has(row.id);
  });
}

function lakeRows(fixture: ForgettingFixture, keeps: (line: string) => boolean = () => true): Record<string, string[]> {
  const paths = fixture.paths().filter((path) => path.startsWith('lake/tweets/'));
  return Object.fromEntries(paths.map((path) => [path, fixture.rowsOf(path).filter(keeps)]));
}

describe('forgetting, of any rows and any deletions', () => {
  it('leaves exactly the other rows, no text of a deleted tweet, and the same audit', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.boolean(), async (events, isVersioned) => {
        const fixture = stored(events, isVersioned);
        const [rows, audit] = [expectedRows(fixture), fixture.audit()];
        await fixture.run();
        expect(lakeRows(fixture)).toEqual(rows);
        for (const id of fixture.tombstones.keys()) expect(fixture.allText()).not.toContain(`secret of ${id},`);
        expect(withoutZeros(fixture.audit())).toEqual(withoutZeros(audit));
      }),
    );
  });

  it('counts each tweet once if files come before and after a run', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (events) => {
        // Copies of one tweet have the same hashtags.
        const copies = events.map((event) => ({ ...event, hashtags: [`of ${event.id}`] }));
        const all = stored(copies, false);
        const fixture = new ForgettingFixture();
        deliver(fixture, copies, (file) => file % 2 === 0);
        await fixture.run();
        await fixture.clock.advance(12 * 3_600_000);
        deliver(fixture, copies, (file) => file % 2 === 1);
        await fixture.run();
        expect(lakeRows(fixture)).toEqual(expectedRows(all));
        expect(withoutZeros(fixture.audit())).toEqual(withoutZeros(all.audit()));
      }),
    );
  });

  it('ends the same after a crash at any call, before or after its effect, with the same audit in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.boolean(),
        fc.constantFrom('before', 'after'),
        async (events, isVersioned, moment) => {
          const start = stored(events, isVersioned);
          const [rows, audit] = [expectedRows(start), withoutZeros(start.audit())];
          for (let crashAt = 0; ; crashAt++) {
            const fixture = start.copy();
            let calls = 0;
            fixture.onCall = (when) => {
              if (when === moment && calls++ === crashAt) throw new Crash();
            };
            const crashed = await fixture.run().then(
              () => false,
              (error: unknown) => {
                if (error instanceof Crash) return true;
                throw error;
              },
            );
            fixture.onCall = () => {};
            expect(withoutZeros(fixture.audit())).toEqual(audit);
            await fixture.run();
            expect(withoutZeros(fixture.audit())).toEqual(audit);
            expect(lakeRows(fixture)).toEqual(rows);
            for (const id of fixture.tombstones.keys()) expect(fixture.allText()).not.toContain(`secret of ${id},`);
            if (!crashed) return;
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
