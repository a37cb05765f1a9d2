import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import db from 'kinesalite/db/index.js';
import { parseSequence } from '../../src/engines/kinesis-sequences.ts';

/** Nothing in this file opens a store, so this is the library's own function. */
const parseByLibrary = db.parseSequence;

const outcome = (parse: typeof parseSequence, sequence: string): unknown => {
  try {
    return parse(sequence);
  } catch (error) {
    return String(error);
  }
};
const hexadecimal = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const decimal = (digits: string) => BigInt(`0x${digits}`).toString();
/** Numbers of both sides of each bound: a version, a part that is too high, another length. */
const near = fc
  .tuple(fc.constantFrom('1', '2', '3', ''), hexadecimal(45), fc.constantFrom('0', '1', '2', '3', ''))
  .map((parts) => decimal(parts.join('')));
/** Numbers that kinesalite makes. */
const made = fc
  .record({
    shardCreateTime: fc.integer({ min: 0, max: 16_025_174_999 }).map((seconds) => seconds * 1000),
    seqIx: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
    seqTime: fc.integer({ min: 1, max: 16_025_174_999 }).map((seconds) => seconds * 1000),
    shardIx: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  })
  .map((parts) => db.stringifySequence(parts));

it('gives what kinesalite gives, and throws what it throws', () => {
  fc.assert(
    fc.property(fc.oneof(made, near, fc.bigInt({ min: 0n, max: 2n ** 200n }).map(String)), (sequence) => {
      expect(outcome(parseSequence, sequence)).toEqual(outcome(parseByLibrary, sequence));
    }),
    { numRuns: 500 },
  );
});

it.each([
  '',
  '0',
  '-1',
  '1.5',
  '1e60',
  'shardId',
  '02',
  ' 2',
  '49671234567890123456789012345678901234567890123456789012x',
])('takes %p as kinesalite does', (sequence) => {
  expect(outcome(parseSequence, sequence)).toEqual(outcome(parseByLibrary, sequence));
});
