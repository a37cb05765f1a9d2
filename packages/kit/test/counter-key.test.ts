import { describe, expect, it } from '@jest/globals';
import { counterKey, counterKeys, mostCounterItems, parseCounterKey } from '../src/counter-key.ts';

const longest = '\u{1d4d0}'.repeat(500);

describe('the keys of a counter', () => {
  it.each([
    ['worldcup', 0, 'worldcup'],
    ['worldcup', 7, 'worldcup#ITEM7'],
    ['a#item7', 0, 'a#item7'],
    ['a#item7', 99, 'a#item7#ITEM99'],
    ['two\nlines', 10, 'two\nlines#ITEM10'],
    [longest, 99, `${longest}#ITEM99`],
  ])('of %j, item %i is %j, and means it', (hashtag, item, key) => {
    expect(counterKey(hashtag, item)).toBe(key);
    expect(parseCounterKey(key)).toEqual({ hashtag, item });
    // AWS: the most of a partition key.
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(2_048);
  });

  it('are one where the hashtag leaves no room for more', () => {
    const hashtag = '\u{1d4d0}'.repeat(512);
    expect(counterKeys(hashtag)).toEqual([hashtag]);
  });

  it('are as many as one call reads', () => {
    expect(new Set(counterKeys('a')).size).toBe(mostCounterItems);
  });

  it.each(['a#ITEM0', 'a#ITEM07', 'a#ITEM100', '#ITEM7', 'a#item7'])('%s is no key of another item', (key) => {
    expect(parseCounterKey(key)).toEqual({ hashtag: key, item: 0 });
  });
});
