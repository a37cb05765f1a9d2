import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tweet-pipes/kit/json';
import fc from 'fast-check';
import { toPlainJson } from '../../src/states/jsonata/plain.ts';
import { jsonBytes } from '../../src/states/payload-size.ts';

const json = fc.jsonValue({ stringUnit: 'binary' }).map((value) => value as Json);

describe('jsonBytes', () => {
  it('is the length of the JSON text in UTF-8', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonBytes(value)).toBe(Buffer.byteLength(JSON.stringify(value)));
      }),
    );
  });

  it('agrees with the size that toPlainJson remembers', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonBytes(toPlainJson(value, Number.POSITIVE_INFINITY))).toBe(Buffer.byteLength(JSON.stringify(value)));
      }),
    );
  });

  it.each(['"', '\\', '\u0000', '\u001f', '\n', '\u2028', 'é', '漢', '😀', '\ud83d', '\ude00x', '\ud83d\ud83d\ude00'])(
    'counts the escapes of %j',
    (text) => {
      expect(jsonBytes(text)).toBe(Buffer.byteLength(JSON.stringify(text)));
    },
  );
});
