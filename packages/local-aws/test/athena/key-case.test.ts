import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lowerCaseKeys } from '../../src/athena/engine/key-case.ts';

const names = new Set(['id', 'note', 'by']);

it.each([
  ['{"ID":1,"Other":2}', '{"id":1,"Other":2}'],
  ['{"Note" : {"By":"Id", "id":"BY"}}', '{"note" : {"by":"Id", "id":"BY"}}'],
  [String.raw`{"id":"\"ID\":","note":"\\","BY":[]}`, String.raw`{"id":"\"ID\":","note":"\\","by":[]}`],
  ['{"ID', '{"ID'],
])('%s becomes %s', (row, lower) => {
  expect(lowerCaseKeys(row, names)).toBe(lower);
});

it('changes no value, and no key that names nothing', () => {
  const value = fc.oneof(fc.string(), fc.constantFrom('ID', '"By":', '\\"Note\\":'), fc.integer());
  const row = fc.record({ ID: value, Note: fc.record({ By: value, kept: value }), Kept: fc.array(value) });
  fc.assert(
    fc.property(row, ({ ID, Note: { By, kept }, Kept }) => {
      const written = JSON.stringify({ ID, Note: { By, kept }, Kept });
      expect(JSON.parse(lowerCaseKeys(written, names))).toEqual({ id: ID, note: { by: By, kept }, Kept });
    }),
  );
});
