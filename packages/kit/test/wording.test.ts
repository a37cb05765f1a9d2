import { describe, expect, it } from '@jest/globals';
import { plural, thousands } from '../src/wording.ts';

describe('counts in sentences', () => {
  it('have commas', () => {
    expect([thousands(0), thousands(999), thousands(1_234_567)]).toEqual(['0', '999', '1,234,567']);
  });

  it('have their noun in the plural, but for one', () => {
    expect([plural(0, 'record'), plural(1, 'record'), plural(2_500, 'record')]).toEqual([
      '0 records',
      '1 record',
      '2,500 records',
    ]);
  });
});
