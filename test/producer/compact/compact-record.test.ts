import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { compactRecord } from '@tweet-pipes/producer/compact/compact-record';
import { partitionKeyOf } from '@tweet-pipes/producer/partition-key';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import fc from 'fast-check';
import * as z from 'zod';
import { extract } from '../workflow-extraction.ts';

const schema = z.fromJSONSchema(
  z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync('docs/schemas/compact-record.v1.json', 'utf8'))),
);

function recordOf(value: unknown): StreamRecord {
  return { partitionKey: 'k', data: Buffer.from(JSON.stringify(value)) };
}

function compact(value: unknown): unknown {
  return JSON.parse(compactRecord(recordOf(value)).data.toString());
}

/**
 * A tweet in any mixture of the API's shapes, some members of wrong types. The text never has hashtags, so that none
 * are found in it.
 */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const odd = fc.constantFrom<unknown[]>(null, 7, '', [], {}, true, ['a'], [{ text: 'a' }], '\ud800');
const member = <T>(arbitrary: fc.Arbitrary<T>) =>
  sometimes(fc.oneof({ weight: 150, arbitrary: arbitrary as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd }));
const word = fc.string({ unit: fc.constantFrom('a', 'B', 'É', 'ก', '🌊', '"'), minLength: 1, maxLength: 3 });
const text = fc.string({ unit: fc.constantFrom('x', ' ', 'ї', '🇹🇭', '\\', '\u0000', '"', 'ก') });
const id = fc.constantFrom('1', '2', '3');
const hashtag = fc.oneof(
  fc.record({ text: word }),
  fc.record({ tag: word, start: fc.nat() }),
  fc.record({ text: fc.constant(5), tag: word }),
);
const entities = fc.record({ hashtags: member(fc.array(hashtag, { maxLength: 4 })), urls: fc.constant([]) });
const content = {
  text: member(text),
  full_text: member(text),
  extended_tweet: member(fc.record({ full_text: member(text), entities: member(entities) })),
  note_tweet: member(fc.record({ text: member(text), entities: member(entities) })),
  entities: member(entities),
};
const body = fc.record({
  edit_history_tweet_ids: fc.option(
    fc.oneof(fc.array(id, { maxLength: 2 }), odd, fc.constantFrom<unknown>('2', [['2']], [7, '2'])),
    { nil: undefined, freq: 1 },
  ),
  id_str: member(id),
  id: fc.oneof({ weight: 5, arbitrary: id as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.nat() }),
  created_at: member(word),
  lang: member(word),
  author_id: member(id),
  user: member(fc.record({ id_str: member(id), screen_name: member(word), verified: fc.boolean() })),
  referenced_tweets: member(
    fc.array(fc.record({ type: fc.constantFrom('retweeted', 'quoted'), id }), { maxLength: 2 }),
  ),
  retweeted_status: fc.option(fc.record({ id_str: id, ...content }), { nil: undefined, freq: 1 }),
  ...content,
});
const includes = member(
  fc.record({
    tweets: member(fc.array(fc.record({ id, ...content }), { maxLength: 3 })),
    users: member(fc.array(fc.record({ id, username: member(word), name: word }), { maxLength: 3 })),
    media: fc.constant([{ media_key: '1' }]),
  }),
);
const notice = fc.record({
  delete: fc.oneof(
    odd,
    fc.record({ status: member(fc.record({ id, id_str: member(id) })), tweet: member(fc.record({ id: member(id) })) }),
  ),
});
const anyRecord = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ data: body, includes, matching_rules: fc.constant([]) }) as fc.Arbitrary<unknown>,
  },
  { weight: 4, arbitrary: fc.tuple(body, includes).map(([tweet, beside]) => ({ ...tweet, includes: beside })) },
  { weight: 1, arbitrary: notice },
  {
    weight: 1,
    arbitrary: fc.record({
      data: fc.oneof(
        notice,
        fc.tuple(body, notice).map(([a, b]) => ({ ...a, ...b })),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** A tweet with these hashtags, and with more than what is kept. */
function tagged(hashtags: string[]): Buffer {
  const entities = { hashtags: hashtags.map((text) => ({ text, indices: [0, 1] })) };
  return Buffer.from(JSON.stringify({ id_str: '1', text: 'a', entities }));
}

describe('the compact record', () => {
  it('means the same to the workflow, is of its schema unless rejected, and stays as it is when made compact again', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(anyRecord, async (value) => {
        const record = recordOf(value);
        const smaller = compactRecord(record);
        const before = await extract(record);
        expect(await extract(smaller)).toEqual(before);
        expect(compactRecord(smaller).data.toString()).toBe(smaller.data.toString());
        for (const { id } of [...before.tweets, ...before.deletions]) {
          expect([record, smaller].map(({ data }) => partitionKeyOf(data))).toEqual([id, id]);
        }
        if (before.rejected.length > 0) expect(smaller).toBe(record);
        else if (smaller !== record) {
          accepted += 1;
          expect(schema.safeParse(JSON.parse(smaller.data.toString())).error).toBeUndefined();
        }
      }),
      { numRuns: 400 },
    );
    // Guards against a generator of only malformed records, with which the property would be trivial.
    expect(accepted).toBeGreaterThan(100);
  });

  it('means the same for every shape of the sample, but for tweets without entities; all well-formed ones shrink', async () => {
    for (const record of createSample({ seed: 5, records: 400 }).records) {
      const smaller = compactRecord(record);
      expect({ ...smaller, data: undefined }).toEqual({ ...record, data: undefined });
      const [before, after] = [await extract(record), await extract(smaller)];
      const isWithoutEntities = record.data.toString().includes('"entities":null');
      if (isWithoutEntities) {
        expect(after.tweets[0]).toEqual({ ...before.tweets[0], hashtags: after.tweets[0]?.hashtags });
      } else expect(after).toEqual(before);
      if (record.meaning.kind === 'rejected') expect(smaller).toBe(record);
      else {
        if (!isWithoutEntities) expect(smaller.data.byteLength).toBeLessThan(record.data.byteLength);
        expect(schema.safeParse(JSON.parse(smaller.data.toString())).error).toBeUndefined();
      }
    }
  });

  it.each<[string, JsonObject, string[]]>([
    ['a v1.1 tweet', { id_str: '1', text: 'a #Été, #été #1 ＃ไทย @b' }, ['été', 'ไทย']],
    ['a v2 tweet', { data: { id: '1', text: '#one', entities: {} } }, []],
    ['a v2 tweet without entities', { data: { id: '1', text: 'x #one https://example.com/#no' } }, ['one']],
    ['a long post', { data: { id: '1', text: '#wo…', note_tweet: { text: '#words' } } }, ['words']],
    ['a shortened text', { id_str: '1', text: 'a #whole #cut… https://t.co/x' }, ['whole']],
    ['a retweet', { id_str: '1', text: '#outer', retweeted_status: { full_text: '#inner' } }, ['inner']],
    [
      'a v2 retweet',
      {
        data: { id: '1', text: 'RT', referenced_tweets: [{ type: 'retweeted', id: '2' }] },
        includes: { tweets: [{ id: '2', text: '#original' }] },
      },
      ['original'],
    ],
  ])('finds hashtags in the text of %s only where there are no entities', async (_, value, hashtags) => {
    const { tweets } = await extract(compactRecord(recordOf(value)));
    expect(tweets).toMatchObject([{ id: '1', hashtags }]);
  });

  it('makes a tweet of 1,500 different hashtags, in different spellings, smaller', async () => {
    const spellings = Array.from({ length: 1_500 }, (_, n) => [`h${n}`, `H${n}`]).flat();
    const record = { partitionKey: '1', data: tagged(spellings) };
    const smaller = compactRecord(record);
    expect(smaller.data.byteLength).toBeLessThan(record.data.byteLength);
    expect((await extract(smaller)).tweets).toMatchObject([{ hashtags: { length: 1_500 } }]);
  });

  it('keeps nothing but what counts, in its place', () => {
    const hashtags = [{ text: 'a', indices: [0, 2] }];
    expect(
      compact({
        created_at: 'c',
        id: Number('12345678901234567890'),
        id_str: '1',
        text: 'short…',
        user: { id: 4, id_str: '4', screen_name: 'n', followers_count: 3 },
        entities: { hashtags: [{ text: 'no' }] },
        extended_tweet: { full_text: 'long', entities: { hashtags, media: [] } },
        quoted_status: { id_str: '7' },
        lang: null,
      }),
    ).toEqual({
      id_str: '1',
      created_at: 'c',
      user: { id_str: '4', screen_name: 'n' },
      extended_tweet: { full_text: 'long', entities: { hashtags: [{ text: 'a' }] } },
    });
    expect(compact({ delete: { status: { id: 1, id_str: '1', user_id: 3 }, timestamp_ms: '5' } })).toEqual({
      delete: { status: { id_str: '1' } },
    });
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from('{"id_str":"1","text":"\xff"}', 'latin1')],
    ['no JSON', Buffer.from('{"id_str":"1"')],
    ['a list', Buffer.from('[{"id_str":"1","text":"a"}]')],
    ['1,501 different hashtags', tagged(Array.from({ length: 1_501 }, (_, n) => `h${n}`))],
    ['a list of 10,001 hashtags', tagged(Array.from({ length: 10_001 }, () => 'h'))],
  ])('leaves %s alone', (_, data) => {
    const record = { partitionKey: '1', data };
    expect(compactRecord(record)).toBe(record);
  });
});
