import { describe, expect, it } from '@jest/globals';
import { foldHashtag } from '@tweet-pipes/kit/hashtag';

describe('hashtags that count as one', () => {
  it.each([
    ['in both cases', ['Köln', 'KÖLN']],
    ['with accents as letters of their own or as marks', ['caf\u00e9', 'CAFE\u0301']],
    ['with several marks in any order', ['\u1ec7', 'e\u0323\u0302', 'e\u0302\u0323', '\u00ea\u0323']],
    ['with a mark for which only the small letter has a composed form', ['\u01f0', 'J\u030c']],
    ['in Korean, by syllables or by letters', ['한국', '한국'.normalize('NFD')]],
    ['in full width', ['abc_1', 'ＡＢＣ＿１', 'ａｂｃ＿１']],
    ['in half width', ['ガギ', 'ｶﾞｷﾞ']],
    ['with letters that Unicode writes as two', ['\u09dc', '\u09a1\u09bc']],
  ])('%s', (_name, spellings) => {
    const [first = ''] = spellings;
    expect(spellings.map(foldHashtag)).toEqual(spellings.map(() => foldHashtag(first)));
  });

  it.each([
    ['accents', 'papá', 'papa'],
    ['ß and ss', 'straße', 'strasse'],
    ['i with and without a dot', 'ırmak', 'irmak'],
    ['letters of mathematics', '\u{1d41a}b', 'ab'],
    ['superscripts', 'm²', 'm2'],
    ['the Thai vowel am and its parts', 'ทำ', 'ทํา'],
  ])('not with different %s', (_name, one, other) => {
    expect(foldHashtag(one)).not.toBe(foldHashtag(other));
  });
});
