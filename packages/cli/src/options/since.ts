import { InvalidArgumentError } from 'commander';

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The beginning of a time range: that many milliseconds ago, or a time in milliseconds since the epoch. */
export type Since = { readonly agoMs: number } | { readonly atMs: number };

/** Parses `30s`, `10m`, `2h`, `3d` or a time such as 2026-11-29T08:30:00Z. Throws commander's usage error. */
export function since(text: string): Since {
  const [, number = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (unitMs !== undefined) return { agoMs: Number(number) * unitMs };
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new InvalidArgumentError(
      'It must be a time span such as 30s, 10m, 2h or 3d, or a time such as 2026-11-29T08:30Z.',
    );
  }
  return { atMs };
}
