import { describe, expect, it } from '@jest/globals';

import { partitionKeyOf } from '@tweet-pipes/producer/partition-key';

describe('the partition key', () => {
  it.each([
    ['a v1.1 tweet', { id: 7, id_str: '8' }, '8'],
    ['a v2 tweet', { data: { id: '9' } }, '9'],
    ['an edited tweet, as its first version', { data: { id: '9', edit_history_tweet_ids: ['8', '9'] } }, '8'],
    ['a v2 tweet without its wrapper', { id: '9' }, '9'],
    ['a delete notice of API v2', { data: { delete: { tweet: { id: '8', author_id: '7' } } } }, '8'],
    ['the same without its envelope', { delete: { tweet: { id: '8' } } }, '8'],
    ['a delete notice', { delete: { status: { id: 7, id_str: '8' } }, id_str: '1' }, '8'],
    ['data that is no object', { id: '9', data: 'x' }, '9'],
    ['a tweet with the longest id', { id_str: '1'.repeat(64) }, '1'.repeat(64)],
  ])('of %s is its id', (_, tweet, id) => {
    expect(partitionKeyOf(Buffer.from(JSON.stringify(tweet)))).toBe(id);
  });

  it.each([
    '',
    'no json',
    '[{"id":"1"}]',
    '7',
    'null',
    '{"id":7}',
    '{"id":""}',
    `{"id":"${'1'.repeat(65)}"}`,
    '{"delete":{"status":{"id":"1"}}}',
  ])('of %p is a hash of the bytes, always the same', (text) => {
    expect(partitionKeyOf(Buffer.from(text))).toMatch(/^[0-9a-f]{32}$/);
    expect(partitionKeyOf(Buffer.from(text))).toBe(partitionKeyOf(new Uint8Array(Buffer.from(text))));
    expect(partitionKeyOf(Buffer.from(text))).not.toBe(partitionKeyOf(Buffer.from(`${text} `)));
  });
});
