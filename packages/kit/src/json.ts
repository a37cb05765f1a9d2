/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** A JSON object. A member that is undefined counts as absent, as `JSON.stringify` omits it. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/**
 * Whether a value is an object and neither null nor an array. Does not look at the members, so use it on parsed JSON
 * only: a `Date` would pass.
 */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON; undefined for text that is none. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
