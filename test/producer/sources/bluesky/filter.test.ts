import { describe, expect, it } from '@jest/globals';
import { wantedPosts } from '@tweet-pipes/producer/sources/bluesky/filter';
import { post } from './fake-jetstream.ts';

const wants = (keywords: string[], record: Record<string, unknown>, langs: string[] = []) =>
  wantedPosts({ keywords, langs })(JSON.parse(JSON.stringify(record)));

describe('keywords', () => {
  it.each([
    ['cat', 'a cat.', true],
    ['CAT', 'a Cat!', true],
    ['cat', '#cats and #cat', true],
    ['cat', 'category, concat, cat_', false],
    ['cat', 'cat\u0301', false],
    ['new york', 'in New\n York', true],
    ['new york', 'new-york', false],
    ['c++', 'I like C++.', true],
    ['a.c', 'abc', false],
    ['-5', 'about -5 degrees', true],
    ['café', 'the cafe\u0301', true],
    ['猫', '黒猫が好き', true],
    ['猫 cat', '黒猫 category', false],
    ['ねこ', 'しろねこ', true],
    ['แมว', 'ฉันรักแมวมาก', true],
    ['ÜBER', 'über uns', true],
    ['@made.up', 'hello @made.up', true],
    ['🐈', 'a🐈b', true],
  ])('%s in %j: %j', (keyword, text, isWanted) => {
    expect(wants([keyword], post(text))).toBe(isWanted);
  });

  it.each([
    ['#cats', post('no word of them', 'CATS'), true],
    ['＃cats', post('no word of them', 'cats'), true],
    ['#cats', { ...post(), tags: ['cats'] }, true],
    ['#cats', post('#cats, undeclared'), false],
    ['#cats', post('', 'cat', 'catss'), false],
    ['#', post('# alone'), true],
    ['cats', { ...post(), text: 7 }, false],
  ])('%s in %j: %j', (keyword, record, isWanted) => {
    expect(wants([keyword], record)).toBe(isWanted);
  });

  it('are alternatives; none want every post', () => {
    expect(wants(['dogs', '#cats'], post('', 'cats'))).toBe(true);
    expect(wants(['dogs', '#cats'], post('', 'dogs'))).toBe(false);
    expect(wants([], post(''))).toBe(true);
  });
});

describe('languages', () => {
  it.each([
    [['en'], ['en'], true],
    [['EN'], ['en-GB'], true],
    [['en'], ['ja', 'en'], true],
    [['en', 'ja'], ['ja'], true],
    [['pt-br'], ['pt-BR'], true],
    [['pt-BR'], ['pt'], false],
    [['e'], ['en'], false],
    [['en'], [], false],
    [['en'], 'en', false],
    [['en'], [7], false],
  ])('%j of %j: %j', (langs, ofPost, isWanted) => {
    expect(wants([], { ...post(), langs: ofPost }, langs)).toBe(isWanted);
  });

  it('hold together with keywords', () => {
    expect(wants(['made'], post(), ['en'])).toBe(true);
    expect(wants(['other'], post(), ['en'])).toBe(false);
    expect(wants(['made'], post(), ['ja'])).toBe(false);
  });
});
