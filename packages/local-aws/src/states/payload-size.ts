import type { Json } from '@tweet-pipes/kit/json';

/** 256 KiB of JSON in UTF-8: the limit of an input, an output, a task's arguments or result, and a variable. */
export const PAYLOAD_BYTES = 262_144;

/** Sizes below this are not remembered: measuring a small value again is cheaper. */
const REMEMBERED_BYTES = 1_024;

const known = new WeakMap<object, number>();

/**
 * Bytes of `value` as compact JSON in UTF-8. The size of an array or object is remembered, so `value` must not change
 * afterwards. Every payload of an execution is immutable.
 */
export function jsonBytes(value: Json): number {
  if (typeof value !== 'object' || value === null) return scalarBytes(value);
  const before = known.get(value);
  if (before !== undefined) return before;
  const bytes = measure(value);
  rememberBytes(value, bytes);
  return bytes;
}

/** Remembers a size that was measured by another walk over the payload. */
export function rememberBytes(value: object, bytes: number): void {
  if (bytes >= REMEMBERED_BYTES) known.set(value, bytes);
}

/** The remembered size of a payload, for walks that meet it inside another payload. */
export function rememberedBytes(value: object): number | undefined {
  return known.get(value);
}

function measure(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return scalarBytes(value);
  const before = known.get(value);
  if (before !== undefined) return before;
  if (Array.isArray(value)) {
    let bytes = 2 + Math.max(0, value.length - 1);
    for (const item of value) bytes += measure(item);
    return bytes;
  }
  let bytes = 2;
  let members = 0;
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    bytes += stringBytes(key) + 1 + measure(member);
    members += 1;
  }
  return bytes + Math.max(0, members - 1);
}

/** Bytes of a value that is neither an array nor an object. */
export function scalarBytes(value: null | boolean | number | string | undefined): number {
  if (value === null || value === undefined) return 4;
  if (typeof value === 'string') return stringBytes(value);
  return JSON.stringify(value).length;
}

/** Texts up to this are counted sooner character by character. */
const SHORT_CHARACTERS = 24;
/** What JSON escapes, and pairs, whose halves it would escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them.
const escapable = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Bytes of a JSON string with its quotes and escapes. */
export function stringBytes(text: string): number {
  if (text.length > SHORT_CHARACTERS && !escapable.test(text)) return 2 + Buffer.byteLength(text);
  let bytes = 2;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) bytes += code < 0x20 ? controlBytes(code) : code === 0x22 || code === 0x5c ? 2 : 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xe000) {
      const next = text.charCodeAt(index + 1);
      const isPair = code < 0xdc00 && next >= 0xdc00 && next < 0xe000;
      // A lone surrogate is written as \uXXXX.
      bytes += isPair ? 4 : 6;
      if (isPair) index += 1;
    } else bytes += 3;
  }
  return bytes;
}

/** \b \t \n \f \r take two characters, all others six: \u00XX. */
function controlBytes(code: number): number {
  return code === 8 || code === 9 || code === 10 || code === 12 || code === 13 ? 2 : 6;
}
