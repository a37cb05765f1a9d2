import { expect, it } from '@jest/globals';
import { billedScanBytes } from '../../src/meter/query-scan.ts';

const MB = 1_000_000;

// https://aws.amazon.com/athena/pricing/
it.each([
  ['SUCCEEDED', 'DML', 0, 10 * MB],
  ['SUCCEEDED', 'DML', 10 * MB, 10 * MB],
  ['SUCCEEDED', 'DML', 10 * MB + 1, 11 * MB],
  ['CANCELLED', 'DML', 25 * MB, 25 * MB],
  ['CANCELLED', 'DML', 1, 10 * MB],
  ['CANCELLED', 'DML', 0, 0],
  ['FAILED', 'DML', 25 * MB, 0],
  ['SUCCEEDED', 'UTILITY', 0, 0],
])('bills a %s %s statement that scanned %d bytes for %d', (state, statementType, scannedBytes, billed) => {
  expect(billedScanBytes({ state, statementType, scannedBytes })).toBe(billed);
});
