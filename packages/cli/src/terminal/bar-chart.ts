import { thousands } from '@tweet-pipes/kit/wording';
import { printable } from './terminal.ts';
import { fitted, textWidth } from './text-width.ts';

const WIDEST_BAR = 32;
/** Bars give way to labels down to this width. */
const NARROWEST_BAR = 8;

/**
 * Lines such as `163 ████████ #рассвет`, in the order given, none wider than `columns`. The label stands last, because
 * the width of Thai or Arabic text depends on the terminal. Default: as wide as needed.
 */
export function barChart(
  rows: readonly { label: string; count: number }[],
  columns: number = Number.POSITIVE_INFINITY,
): string[] {
  const labels = rows.map(({ label }) => printable(label));
  const largest = Math.max(1, ...rows.map(({ count }) => count));
  const digits = Math.max(0, ...rows.map(({ count }) => thousands(count).length));
  const room = columns - digits - 2;
  const widestLabel = Math.max(0, ...labels.map(textWidth));
  const widest = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, room - widestLabel));
  const widths = rows.map(({ count }) => Math.max(1, Math.round((count / largest) * widest)));
  const barColumns = Math.max(0, ...widths);
  return rows.map(({ count }, index) => {
    const bar = '█'.repeat(widths[index] ?? 1).padEnd(barColumns);
    const label = fitted(labels[index] ?? '', Math.max(1, room - barColumns));
    return `${thousands(count).padStart(digits)} ${bar} ${label}`;
  });
}
