const HOUR_MS = 3_600_000;

const clockTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const wholeSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const toSecond = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;
const dayAndSecond = new Intl.DateTimeFormat('en-GB', toSecond);
const dayAndTime = new Intl.DateTimeFormat('en-GB', { ...toSecond, fractionalSecondDigits: 3 });
const numbers = new Intl.NumberFormat('en-US');

/** `14:03:07.412`, in the reader's time zone. */
export function formatTime(ms: number): string {
  return clockTime.format(ms);
}

/** A time of ISO 8601, in the reader's time zone: `29 Nov 2026, 14:03:07.412`, `29 Nov 2026, 14:03:07`. */
export function formatIso(time: string): string {
  const format = time.includes('.') ? dayAndTime : dayAndSecond;
  return format.format(Date.parse(time));
}

/** `14:03:07`, in the reader's time zone. */
export function formatSecond(ms: number): string {
  return wholeSeconds.format(ms);
}

/** `29 Nov 2026, 14:03:07.412`, in the reader's time zone. */
export function formatDateTime(ms: number): string {
  return dayAndTime.format(ms);
}

/** `14:03:07.412` within half a day of `nowMs`, else with the day. */
export function formatWhen(ms: number, nowMs: number): string {
  return Math.abs(nowMs - ms) < 12 * HOUR_MS ? formatTime(ms) : formatDateTime(ms);
}

/** `412 ms`, `3.41 s`, `4 min 12 s`, `2 h 5 min` */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1,234,567` */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** `412 B`, `1.2 KB`, `3.4 MB`; powers of 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} KB`;
  if (bytes < 999_950_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
