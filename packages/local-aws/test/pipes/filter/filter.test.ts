import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { matchesPattern } from '../../../src/pipes/filter/match-pattern.ts';
import { compilePattern } from '../../../src/pipes/filter/pattern.ts';
import { recordFilter } from '../../../src/pipes/filter/record-filter.ts';
import { readCases, recordOf } from '../fixture.ts';

const at = (file: string) => new URL(`cases/${file}.json`, import.meta.url);

describe('filter patterns', () => {
  const cases = readCases<{ pattern: Json; event: Json }, boolean>(at('patterns'));
  it.each(cases)('$name', ({ input, expected }) => {
    expect(matchesPattern(compilePattern(JSON.stringify(input.pattern)), input.event)).toBe(expected);
  });
});

describe('filter patterns refused at create', () => {
  it.each(readCases<string, string>(at('refused')))('$name', ({ input, expected }) => {
    expect(() => recordFilter([input], 'kinesis')).toThrow(expected);
  });
});

describe('the truth table of filters on data', () => {
  const cases = readCases<{ patterns: string[]; data: string }, boolean>(at('data-truth-table'));
  it.each(cases)('$name', ({ input, expected }) => {
    expect(recordFilter(input.patterns, 'kinesis')(recordOf(1, Buffer.from(input.data)))).toBe(expected);
  });
});
