import { expect, it } from '@jest/globals';

import { ruleOfKeyword } from '@tweet-pipes/producer/sources/twitter/rule-text';

it.each([
  ['cats', 'cats'],
  ['#кошки', '#кошки'],
  ['#กรุงเทพ', '#กรุงเทพ'],
  ['@nasa', '@nasa'],
  ['$TSLA', '$TSLA'],
  ['new york', '"new york"'],
  [' cats ', 'cats'],
  ['OR', '"OR"'],
  ['from:nasa', '"from:nasa"'],
  ['-cats', '"-cats"'],
  ['(cats', '"(cats"'],
  ['C++', '"C++"'],
  ['say "hi"', '"say \\"hi\\""'],
])('the keyword %j is the rule %s, whatever X would read into it', (keyword, rule) => {
  expect(ruleOfKeyword(keyword)).toBe(rule);
});
