import { describe, expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { mentionsIn } from '../../src/verification/mentions.ts';

describe('mentions', () => {
  it('are all ids and hashtags, also those that must not count', () => {
    const data = Buffer.from(
      JSON.stringify({
        id_str: '1',
        text: 'Two words',
        retweeted_status: { id_str: '2', entities: { hashtags: [{ text: 'Ёлки' }, { text: '' }, { text: 7 }] } },
        includes: { tweets: [{ id: '3', entities: { hashtags: [{ tag: '__proto__' }] } }] },
      }),
    );
    expect(
      mentionsIn([
        { partitionKey: '1', data },
        { partitionKey: '2', data: Buffer.from('no json') },
      ]),
    ).toEqual({
      ids: new Set(['1', '2', '3']),
      hashtags: new Set(['ёлки', '__proto__']),
    });
  });

  it('hold every id and hashtag of the truth, and the hashtags that must not be counted', () => {
    const { records, truth } = createSample({ runId: 'x' });
    const { ids, hashtags } = mentionsIn(records);
    for (const id of [...truth.tweets.keys(), ...truth.deletions]) expect(ids.has(id)).toBe(true);
    for (const hashtag of truth.counts.keys()) expect(hashtags.has(hashtag)).toBe(true);
    expect([...hashtags].some((hashtag) => hashtag.startsWith('notcounted_'))).toBe(true);
  });
});
