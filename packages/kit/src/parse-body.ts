import type { Json } from './json.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Matches every text with a number that is too large for a double. */
const largeNumber = /\d[eE]\+?\d|\d{309}/;

/**
 * Parses a record's bytes as JSON in UTF-8. Undefined when they are neither. A number too large for a double (1e400)
 * counts as not JSON: JavaScript would pass it on as null without a trace.
 */
export function parseBody(bytes: Uint8Array): { value: Json } | undefined {
  try {
    const text = utf8.decode(bytes);
    const value: Json = JSON.parse(text);
    return largeNumber.test(text) && holdsInfinity(value) ? undefined : { value };
  } catch {
    return undefined;
  }
}

function holdsInfinity(value: Json): boolean {
  const left: Json[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'number' && !Number.isFinite(next)) return true;
    if (typeof next === 'object' && next !== null) {
      for (const member of Object.values(next)) if (member !== undefined) left.push(member);
    }
  }
  return false;
}
