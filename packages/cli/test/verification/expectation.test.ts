import { describe, expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import fc from 'fast-check';
import { auditCounters } from '../../src/verification/audit.ts';
import { compareStores } from '../../src/verification/compare.ts';
import { expectStores, rejectedCopies, settled } from '../../src/verification/expectation.ts';
import { outcomeOf } from '../../src/verification/outcome.ts';
import { emptyStores } from '../../src/verification/stores.ts';
import { processed, sentAt } from './processed.ts';

const sample = createSample({ records: 400 });
const sent = sample.records.map((record, index) => sentAt(record, index));

describe('the expectation', () => {
  it('is the truth of the sample when the stores were empty', () => {
    fc.assert(
      fc.property(fc.record({ seed: fc.nat(), records: fc.integer({ min: 1, max: 400 }) }), (options) => {
        const { records, truth } = createSample(options);
        const stores = expectStores(
          emptyStores(),
          records.map((record, index) => sentAt(record, index)),
        );
        expect([...stores.tweets.keys()].sort()).toEqual([...truth.tweets.keys()].sort());
        expect(new Set(stores.deletions.keys())).toEqual(truth.deletions);
        expect(new Map([...stores.hashtags].map(([key, { htCount }]) => [key, htCount]))).toEqual(truth.counts);
        expect([...stores.archive.values()].map(({ id }) => id).sort()).toEqual([...truth.removed.keys()].sort());
        expect(stores.quarantine.size).toBe([...truth.quarantined.values()].reduce((sum, count) => sum + count, 0));
      }),
      { numRuns: 30 },
    );
  });

  it('of the same sample again is that only quarantine grows', () => {
    const before = processed(expectStores(emptyStores(), sent));
    const again = sample.records.map((record, index) => sentAt(record, index + 10_000));
    const { quarantine, ...after } = expectStores(before, again);
    const { quarantine: quarantineBefore, ...rest } = before;
    expect(after).toEqual(rest);
    expect(quarantine.size).toBe(2 * quarantineBefore.size);
    expect(outcomeOf(again, before, processed({ ...after, quarantine }))).toMatchObject({
      tweetsStored: 0,
      duplicates: sample.truth.tweets.size + sample.truth.duplicates - removedDuplicates(),
      deletionsArchived: 0,
    });
  });

  it('of a sample whose beginning was fed before is the truth all the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sent.length }), (length) => {
        const before = processed(expectStores(emptyStores(), sent.slice(0, length)));
        const stores = expectStores(
          before,
          sample.records.map((record, index) => sentAt(record, index + 10_000)),
        );
        expect(new Map([...stores.hashtags].map(([key, { htCount }]) => [key, htCount]))).toEqual(sample.truth.counts);
        expect(new Set(stores.tweets.keys())).toEqual(new Set(sample.truth.tweets.keys()));
        expect(auditCounters(stores)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('gives an outcome that adds up to the truth', () => {
    const { truth } = sample;
    const outcome = outcomeOf(sent, emptyStores(), processed(expectStores(emptyStores(), sent)));
    expect(outcome).toMatchObject({
      records: 400,
      tweetsStored: truth.tweets.size + truth.removed.size,
      duplicates: truth.duplicates,
      afterDeletion: truth.afterDeletion,
      deletionsArchived: truth.removed.size,
      hashtags: truth.counts.size,
      quarantineReasons: Object.fromEntries(truth.quarantined),
    });
    const { tweetsStored, duplicates, afterDeletion, deleteNotices, quarantined } = outcome;
    expect(tweetsStored + duplicates + afterDeletion + deleteNotices + quarantined).toBe(400);
  });

  it('follows the first copy of a record that is in the stream twice, and no other record', () => {
    const twice = sample.records.map((record, index) => sentAt(record, index, true));
    const earlier = processed(
      expectStores(
        emptyStores(),
        sample.records.map((record, index) => sentAt(record, index - 500)),
      ),
    );
    const quarantine = processed(expectStores(emptyStores(), twice)).quarantine;
    const found = { ...earlier, quarantine };
    expect(compareStores(expectStores(emptyStores(), settled(twice, found)), found)).toEqual([]);
    expect(compareStores(expectStores(emptyStores(), settled(sent, found)), found)).not.toEqual([]);
    const later = processed(
      expectStores(
        emptyStores(),
        sample.records.map((record, index) => sentAt(record, index + 500)),
      ),
    );
    expect(settled(twice, later)).toEqual(twice);
  });

  it('takes each earlier copy of a record that cannot be used for one of its own, and nothing else', () => {
    const twice = sample.records.map((record, index) => sentAt(record, index, true));
    const copies = sample.records
      .map((record, index) => sentAt(record, index - 500))
      .filter(({ record }) => record.meaning.kind === 'rejected');
    const once = expectStores(emptyStores(), twice);
    const found = processed(expectStores(once, copies));
    expect(
      rejectedCopies(twice, found)
        .map(({ position }) => position)
        .sort(),
    ).toEqual(copies.map(({ position }) => position).sort());
    expect(rejectedCopies(sent, found)).toEqual([]);
    expect(rejectedCopies(twice, processed(once))).toEqual([]);
    const foreign = new Map([...found.quarantine].map(([key, item]) => [key, { ...item, data: 'other' }]));
    expect(rejectedCopies(twice, { ...found, quarantine: foreign })).toEqual([]);
  });
});

describe('the audit of counters', () => {
  const stores = processed(expectStores(emptyStores(), sent));

  it('agrees with tweets and archive', () => {
    expect(auditCounters(stores)).toEqual([]);
  });

  it('finds a counter that is too high, too low or there for nothing', () => {
    const [hashtag = '', item] = [...stores.hashtags][0] ?? [];
    const count = Number(item?.htCount);
    const with_ = (key: string, htCount: number) =>
      auditCounters({ ...stores, hashtags: new Map([...stores.hashtags, [key, { hashtag: key, htCount }]]) });
    expect(with_(hashtag, count + 1)).toEqual([
      {
        store: 'hashtags',
        key: hashtag,
        problem: `counts ${count + 1}, but ${count} tweets, stored or archived, carry it`,
      },
    ]);
    expect(with_(hashtag, count - 1)).toHaveLength(1);
    expect(with_('notcounted', 1)).toHaveLength(1);
    expect(auditCounters({ ...stores, hashtags: new Map() })).toHaveLength(stores.hashtags.size);
  });

  it('says nothing when the archive does not tell its hashtags', () => {
    const archive = new Map([...stores.archive].map(([key, { hashtags: _, ...row }]) => [key, row]));
    expect(auditCounters({ ...stores, archive, hashtags: new Map() })).toEqual([]);
  });
});

/** Tweets that came again before their deletion: fed once more, they come after it. */
function removedDuplicates(): number {
  const again = sample.records.filter(({ meaning }) => meaning.kind === 'tweet' && meaning.fate === 'duplicate');
  return again.filter(({ meaning }) => meaning.kind === 'tweet' && sample.truth.removed.has(meaning.id)).length;
}
