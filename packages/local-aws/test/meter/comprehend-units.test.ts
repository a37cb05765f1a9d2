import { expect, it } from '@jest/globals';
import { comprehendUnits } from '../../src/meter/comprehend-units.ts';

it.each([
  ['three for a short document', ['a'], [0], 3],
  ['three for 300 characters', ['a'.repeat(300)], [0], 3],
  ['four for 301 characters', ['a'.repeat(301)], [0], 4],
  ['characters, and not bytes', ['😀'.repeat(300)], [0], 3],
  ['each document of a batch', ['a', 'b', 'c'.repeat(1000)], [0, 1, 2], 16],
  ['no document that failed', ['a', 'b'], [1], 3],
])('Comprehend bills %s', (_, TextList, answered, units) => {
  const answer = { ResultList: answered.map((Index) => ({ Index })), ErrorList: [] };

  expect(comprehendUnits('batchDetectSentiment', { TextList, LanguageCode: 'en' }, answer)).toBe(units);
});

it('Comprehend bills a single document as one of a batch', () => {
  expect(comprehendUnits('detectSentiment', { Text: 'a'.repeat(301), LanguageCode: 'en' }, {})).toBe(4);
});
