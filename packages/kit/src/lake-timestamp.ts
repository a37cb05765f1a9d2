/**
 * A time as the lake's columns of type `timestamp` hold it: `yyyy-MM-dd HH:mm:ss.SSS` in UTC (AWS: "OpenX JSON SerDe",
 * "Timestamp formats"). Throws RangeError for a time outside the years 0 to 9999.
 */
export function formatTimestamp(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  if (iso.length !== 24) throw new RangeError(`The year of ${iso} does not have four digits.`);
  return iso.slice(0, -1).replace('T', ' ');
}

/** Milliseconds since the epoch of a time of {@link formatTimestamp}. NaN for anything else. */
export function parseTimestamp(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
