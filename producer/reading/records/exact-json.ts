import type { Json } from '@tweet-pipes/kit/json';

declare global {
  interface JSON {
    /** https://tc39.es/proposal-json-parse-with-source/ */
    rawJSON(text: string): Json;
    isRawJSON(value: unknown): value is { rawJSON: string };
  }
}

/**
 * Parses JSON like `JSON.parse`, and keeps integers above 2^53 digit by digit, as raw JSON: ids have that size, and a
 * number rounds them. Takes four times as long. Throws SyntaxError.
 */
export function parseExact(text: string): Json {
  return JSON.parse(text, (_key, value: Json, context?: { source?: string }) => {
    const source = context?.source;
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined;
    return isRounded && /^-?\d+$/.test(source) ? JSON.rawJSON(source) : value;
  });
}

/** The digits of an integer that is no less than 0: of {@link parseExact}, or small enough for a number. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  return JSON.isRawJSON(value) && /^\d+$/.test(value.rawJSON) ? value.rawJSON : undefined;
}

/** Whether a value is an integer that `JSON.parse` may have rounded. */
export function mayBeRounded(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}
