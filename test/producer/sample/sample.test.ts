import { describe, expect, it } from '@jest/globals';
import { partitionKeyOf } from '@tweet-pipes/producer/partition-key';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import { createSample, sampleSource } from '@tweet-pipes/producer/sample/sample';
import { scenarios } from '@tweet-pipes/producer/sample/scenarios';
import fc from 'fast-check';
import * as z from 'zod';
import { extract } from '../workflow-extraction.ts';

const options = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  records: fc.integer({ min: 1, max: 600 }),
  runId: fc.option(fc.string(), { nil: undefined }),
});

/** A model of the whole system, fed with what the workflow extracts from each record. */
async function model(records: readonly SampleRecord[]) {
  const [tweets, removed, deletions] = [new Map<unknown, unknown>(), new Map<unknown, unknown>(), new Set<string>()];
  const [counts, quarantined] = [new Map<string, number>(), new Map<string, number>()];
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  let [duplicates, afterDeletion] = [0, 0];
  for (const record of records) {
    const batch = await extract(record);
    for (const { reason } of batch.rejected) add(quarantined, reason);
    for (const { id, index, record: _, expiresAt, ...item } of batch.tweets) {
      if (deletions.has(String(id))) afterDeletion += 1;
      else if (tweets.has(id)) duplicates += 1;
      else {
        tweets.set(id, item);
        for (const hashtag of z.array(z.string()).parse(item.hashtags)) add(counts, hashtag);
      }
    }
    for (const { id } of batch.deletions) {
      if (tweets.has(id)) removed.set(id, tweets.get(id));
      tweets.delete(id);
      deletions.add(id);
    }
  }
  return { records: records.length, tweets, removed, deletions, counts, duplicates, afterDeletion, quarantined };
}

describe('the sample', () => {
  it('holds the truth that the workflow itself extracts from its bytes', async () => {
    const { records, truth } = createSample();
    expect(truth).toEqual(await model(records));
    expect(truth.records).toBe(2500);
  });

  it('holds the truth for any seed, length and run', async () => {
    await fc.assert(
      fc.asyncProperty(options, async (some) => {
        const { records, truth } = createSample(some);
        expect(records).toHaveLength(some.records);
        expect(truth).toEqual(await model(records));
      }),
      { numRuns: 15 },
    );
  });

  it('is the same for the same options, read whole or one by one', async () => {
    const digest = (records: readonly SampleRecord[]) =>
      records.map(({ data }) => Buffer.from(data).toString('hex')).join('\n');
    await fc.assert(
      fc.asyncProperty(options, async (some) => {
        const source = sampleSource(some);
        const read: SampleRecord[] = [];
        for await (const record of source.records()) read.push(record);
        expect(digest(read)).toBe(digest(createSample(some).records));
        expect(source.total).toBe(some.records);
      }),
      { numRuns: 20 },
    );
  });

  it('shares no id and no hashtag between runs or seeds', () => {
    const runs = [{}, { seed: 1 }, { runId: 'a' }, { runId: 'b' }].map((some) => createSample(some));
    const ids = runs.flatMap(({ truth }) => [...truth.tweets.keys(), ...truth.deletions]);
    const distinct = runs.flatMap(({ truth }) => [...new Set([...truth.tweets.keys(), ...truth.deletions])]);
    expect(new Set(ids).size).toBe(distinct.length);
    const [, , a, b] = runs.map(({ truth }) => new Set(truth.counts.keys()));
    expect([...(a ?? [])].filter((hashtag) => b?.has(hashtag))).toEqual([]);
  });

  it('gives all records of an id the partition key that the file source would choose', () => {
    for (const { partitionKey, data } of createSample().records) {
      expect(partitionKey).toBe(partitionKeyOf(data));
      expect(data.byteLength).toBeGreaterThan(0);
    }
  });

  it('plays every scenario from 61 records on', () => {
    const whole = [...scenarios.values()].reduce((sum, { records }) => sum + records, 0);
    expect(whole).toBe(61);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const { truth } = createSample({ seed, records: whole });
        expect(truth.quarantined.size).toBe(9);
        expect(truth.afterDeletion).toBe(2);
        expect(truth.duplicates).toBe(3);
        expect(truth.removed.size).toBe(4);
      }),
      { numRuns: 20 },
    );
  });

  it('writes in several scripts, and carries the hashtags that break maps', () => {
    const { truth } = createSample();
    const hashtags = [...truth.counts.keys()];
    for (const script of ['Latin', 'Cyrillic', 'Thai', 'Hangul', 'Arabic', 'Han']) {
      expect(hashtags.filter((hashtag) => new RegExp(`\\p{Script=${script}}`, 'u').test(hashtag))).not.toHaveLength(0);
    }
    expect(hashtags).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'tostring']));
    expect(hashtags).not.toContain('notcounted');
  });

  it('refuses an invalid seed or length', () => {
    expect(() => createSample({ seed: -1 })).toThrow('The seed must be an integer from 0 to 4294967295, but is -1.');
    expect(() => createSample({ records: 0 })).toThrow('at least 1 record');
  });
});
