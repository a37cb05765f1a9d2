import { describe, expect, it } from '@jest/globals';

import { archivePrefixes } from '../../src/verification/read-stores.ts';

describe('the archive of a run', () => {
  it('lies in the hours it ran in and one on either side, over midnight too', () => {
    const prefixes = archivePrefixes(Date.parse('2026-02-28T23:50:00Z'), Date.parse('2026-03-01T00:10:00Z'));
    expect(prefixes.filter((prefix) => prefix.startsWith('deleted/tweets/'))).toEqual([
      'deleted/tweets/2026/02/28/22/',
      'deleted/tweets/2026/02/28/23/',
      'deleted/tweets/2026/03/01/00/',
      'deleted/tweets/2026/03/01/01/',
    ]);
    expect(prefixes).toContain('deleted/hashtags/2026/03/01/00/');
  });
});
