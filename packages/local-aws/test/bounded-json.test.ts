import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAXIMUM_JSON_DEPTH, parseBoundedJson } from '../src/bounded-json.ts';

const nested = (depth: number, open: string, close: string, inside: string) =>
  open.repeat(depth) + inside + close.repeat(depth);

describe('a JSON text of a caller', () => {
  it.each([
    ['arrays', 1, '[', ']', ''],
    ['objects', 1, '{"a":', '}', '1'],
    ['both', 2, '[{"]":', '}]', '"\\"}"'],
  ] as const)('may have a thousand levels of %s', (_case, levels, open, close, inside) => {
    const deepest = MAXIMUM_JSON_DEPTH / levels;
    expect(JSON.stringify(parseBoundedJson(nested(deepest, open, close, inside)))).toBe(
      nested(deepest, open, close, inside),
    );
    for (const depth of [deepest + 1, 20_000, 1_000_000 / open.length]) {
      expect(() => parseBoundedJson(nested(depth, open, close, inside))).toThrow('nested more than 1000 levels');
    }
  });

  it('may have any number of shallow values', () => {
    const text = `[${Array.from({ length: 5_000 }, () => '[[]]').join(',')}]`;
    expect(parseBoundedJson(text)).toHaveLength(5_000);
  });

  it('may have brackets in its strings', () => {
    for (const text of ['['.repeat(5_000), `\\${'['.repeat(5_000)}`, `"${'['.repeat(5_000)}`, '\\"[\\\\']) {
      expect(parseBoundedJson(JSON.stringify([text, text]))).toEqual([text, text]);
    }
  });

  it('is parsed as by JSON.parse', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(parseBoundedJson(text)).toEqual(JSON.parse(text))));
    for (const text of ['', '{', '"', '"\\', ']']) expect(() => parseBoundedJson(text)).toThrow(SyntaxError);
  });
});
