import { describe, expect, it } from '@jest/globals';
import { compileFilterPattern, compileSelector } from '../../../src/logs/pattern/filter-pattern.ts';
import { invalidPatterns, patternCases } from './filter-pattern-cases.ts';

describe('a filter pattern', () => {
  it.each(patternCases.map((each) => [each.pattern, each] as const))('%s', (pattern, { matches, misses }) => {
    const filter = compileFilterPattern(pattern);
    expect(matches.filter((message) => !filter(message))).toEqual([]);
    expect(misses.filter((message) => filter(message))).toEqual([]);
  });

  it.each([
    ['{ $.type = "Execution*" }', ['Execution']],
    ['{ $.type = "*StateEntered" && $.details.name = "Count" }', ['StateEntered', 'Count']],
    ['{ $.input = "*tweet 1*" }', ['tweet 1']],
    ['{ $.n = "*12*" }', []],
    ['{ $.a = one || $.b = two }', []],
    ['{ $.a != one }', []],
  ])('tells which texts a message needs: %s', (pattern, needs) => {
    expect(compileFilterPattern(pattern).needs).toEqual(needs);
  });

  it.each(invalidPatterns)('that is invalid is refused: %s', (pattern, said) => {
    const compile = () => compileFilterPattern(pattern);
    expect(compile).toThrow(said);
    expect(compile).toThrow(expect.objectContaining({ name: 'InvalidParameterException' }));
  });
});

it('a selector gives the first value that it finds', () => {
  const value = compileSelector('$.a[*].b');
  expect([value('{"a":[{},{"b":3},{"b":4}]}'), value('{"a":[]}'), value('no JSON')]).toEqual([3, undefined, undefined]);
});
