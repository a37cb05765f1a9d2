import { describe, expect, it } from '@jest/globals';
import { expectStores } from '@tweet-pipes/cli/verification/expectation';
import { emptyStores, type Stores } from '@tweet-pipes/cli/verification/stores';
import { formatPosition } from '@tweet-pipes/kit/position';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { type Acknowledged, fingerprintOf } from '../../src/chaos/feeder.ts';
import type { StoredRecord } from '../../src/chaos/read-stream.ts';
import { judgeStores } from '../../src/chaos/verdict.ts';

const shard = 'shardId-000000000000';
const times = {
  expiresAt: 1_800_000_000,
  updatedAt: '2026-01-01T00:00:00.000Z',
  deletedAt: '2026-01-01T00:00:00.000Z',
};

/** A run that went well, of `records`, put and processed in order; copies are those after the first. */
function rightRun(records: readonly SampleRecord[]) {
  const sent = new Map(records.map((record) => [fingerprintOf(record.partitionKey, record.data), record]));
  const stored: StoredRecord[] = records.map(({ partitionKey, data }, index) => ({
    position: formatPosition(shard, String(1000 + index)),
    sequenceNumber: BigInt(1000 + index),
    fingerprint: fingerprintOf(partitionKey, data),
  }));
  const acknowledged: Acknowledged[] = stored.map(({ position, fingerprint }) => ({
    position,
    fingerprint,
    maybeTwice: false,
  }));
  return { sent, stored, acknowledged, found: storesAfter(sent, stored) };
}

function storesAfter(sent: ReadonlyMap<string, SampleRecord>, stored: readonly StoredRecord[]): Stores {
  const all = stored.flatMap(({ position, fingerprint }) => {
    const record = sent.get(fingerprint);
    return record === undefined ? [] : [{ record, position, maybeTwice: false }];
  });
  const stores = expectStores(emptyStores(), all);
  const add = (store: keyof Stores, more: object) => {
    for (const [key, item] of stores[store]) stores[store].set(key, { ...item, ...more });
  };
  add('tweets', { expiresAt: times.expiresAt });
  add('hashtags', { updatedAt: times.updatedAt });
  add('deletions', { deletedAt: times.deletedAt, expiresAt: times.expiresAt });
  add('archive', { event_id: 'e', removed_at: times.deletedAt, expires_at: times.expiresAt });
  add('quarantine', { arrived_at: times.updatedAt });
  return stores;
}

const { records } = createSample({ seed: 5, records: 200 });
const nothing = { wrong: [], lost: [], extra: [], copies: 0 };

describe('the verdict on the stores', () => {
  it('finds nothing where everything is right', () => {
    expect(judgeStores(rightRun(records))).toEqual(nothing);
  });

  it('finds an acknowledged record that is not in the stream, though the stores agree with the stream', () => {
    const run = rightRun(records);
    const [gone, ...stored] = run.stored;
    const verdict = judgeStores({ ...run, stored, found: storesAfter(run.sent, stored) });
    expect(verdict).toEqual({
      ...nothing,
      lost: [{ where: 'stream', key: gone?.position, problem: 'was acknowledged and is missing' }],
    });
  });

  it('allows a copy that a lost answer explains, and no other', () => {
    const run = rightRun(records);
    const [first] = run.stored;
    if (first === undefined) throw new Error('The sample is empty.');
    const copy = { ...first, position: formatPosition(shard, '999'), sequenceNumber: 999n };
    const stored = [copy, ...run.stored];
    const found = storesAfter(run.sent, stored);
    expect(judgeStores({ ...run, stored, found }).extra).toEqual([
      { where: 'stream', key: copy.position, problem: 'is a copy that no lost answer explains' },
    ]);
    const acknowledged = run.acknowledged.map((one) =>
      one.fingerprint === first.fingerprint ? { ...one, maybeTwice: true } : one,
    );
    expect(judgeStores({ ...run, stored, found, acknowledged })).toEqual({ ...nothing, copies: 1 });
  });

  it('finds a record that was not sent', () => {
    const run = rightRun(records);
    const stranger = { position: formatPosition(shard, '9999'), sequenceNumber: 9999n, fingerprint: 'unexpected' };
    expect(judgeStores({ ...run, stored: [...run.stored, stranger] }).extra).toEqual([
      { where: 'stream', key: stranger.position, problem: 'was never sent' },
    ]);
  });

  it('finds a hashtag that is counted twice, a tweet that is missing and an archive row that must not be there', () => {
    const run = rightRun(records);
    const { hashtags, tweets, archive } = run.found;
    const [hashtag, item] = [...hashtags][0] ?? ['', {}];
    hashtags.set(hashtag, { ...item, htCount: Number(item.htCount) + 1 });
    expect(judgeStores(run).wrong).toEqual([
      expect.objectContaining({ where: 'hashtags', key: hashtag }),
      expect.objectContaining({ where: 'hashtags', key: hashtag }),
    ]);
    hashtags.set(hashtag, item);
    const untagged = [...tweets].find(([, { hashtags: tags }]) => Array.isArray(tags) && tags.length === 0)?.[0] ?? '';
    tweets.delete(untagged);
    archive.set('unexpected', { table: 'tweets', id: 'x', hashtags: [] });
    const verdict = judgeStores(run);
    expect(verdict.lost).toEqual([{ where: 'tweets', key: untagged, problem: 'is missing' }]);
    expect(verdict.extra).toEqual([{ where: 'archive', key: 'unexpected', problem: 'must not be there' }]);
  });

  it('says of a record that must not be in quarantine why it is there', () => {
    const run = rightRun(records);
    run.found.quarantine.set('unexpected', { reason: 'out-of-order: a test' });
    expect(judgeStores(run).extra).toEqual([
      { where: 'quarantine', key: 'unexpected', problem: 'must not be there: out-of-order: a test' },
    ]);
  });
});
