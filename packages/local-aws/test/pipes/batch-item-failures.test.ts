import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import { batchItemFailures } from '../../src/pipes/batch-item-failures.ts';
import { readCases } from './fixture.ts';

describe('partial batch responses', () => {
  const cases = readCases<{ answer?: Json }, string[] | 'all'>(new URL('cases/partial-failures.json', import.meta.url));
  it.each(cases)('$name', ({ input, expected }) => {
    const failed = batchItemFailures(input.answer, ['a', 'b']);
    expect(failed === 'all' ? failed : [...failed]).toEqual(expected);
  });
});
