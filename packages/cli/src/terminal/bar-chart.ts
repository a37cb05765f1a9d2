import { printable, thousands } from './terminal.ts';

const widestBar = 32;

/**
 * Lines such as `163 ████████ #рассвет`, in the order given. The label stands last, because the width of Thai or Arabic
 * text depends on the terminal.
 */
export function barChart(rows: readonly { label: string; count: number }[]): string[] {
  const largest = Math.max(1, ...rows.map(({ count }) => count));
  const digits = Math.max(0, ...rows.map(({ count }) => thousands(count).length));
  const widest = Math.max(0, ...rows.map(({ count }) => barWidth(count, largest)));
  return rows.map(({ label, count }) => {
    const bar = '█'.repeat(barWidth(count, largest)).padEnd(widest);
    return `${thousands(count).padStart(digits)} ${bar} ${printable(label)}`;
  });
}

function barWidth(count: number, largest: number): number {
  return Math.max(1, Math.round((count / largest) * widestBar));
}
