const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** The latest text: dozens of states are entered in one millisecond. */
let latest = { ms: Number.NaN, text: '' };

/** ISO 8601 in UTC as the context object shows it: no trailing zeros in the fraction, no fraction when it is zero. */
export function toTimestamp(ms: number): string {
  if (latest.ms !== ms) latest = { ms, text: new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z') };
  return latest.text;
}

/** Milliseconds since the epoch of an ISO 8601 date-time with offset, or undefined. */
export function fromTimestamp(text: string): number | undefined {
  if (!TIMESTAMP.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
