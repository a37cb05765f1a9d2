import { printable } from './terminal.ts';
import { fitted, textWidth } from './text-width.ts';

/** Between two columns. */
const gap = '  ';
/** Columns give way down to this width. */
const narrowest = 6;

/** A column of a table. */
export interface TableColumn {
  name: string;
  /** Numbers stand under their last digit. */
  isNumber: boolean;
}

/**
 * A table in lines: names, a rule, rows. Texts stand on one line each, without what could harm the screen. Where it is
 * wider than `columns`, the widest columns are cut off with `…`, though none to less than six characters. Default: as
 * wide as needed.
 */
export function textTable(
  header: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  columns: number = Number.POSITIVE_INFINITY,
): string[] {
  const cells = [header.map(({ name }) => name), ...rows].map((row) => row.map(onOneLine));
  const natural = header.map((_, index) => Math.max(1, ...cells.map((row) => textWidth(row[index] ?? ''))));
  const most = widestAllowed(natural, columns - gap.length * (header.length - 1));
  const widths = natural.map((width) => Math.min(width, most));
  const line = (row: readonly string[]): string =>
    row
      .map((text, index) => aligned(fitted(text, widths[index] ?? 1), widths[index] ?? 1, header[index]))
      .join(gap)
      .trimEnd();
  const [names = [], ...others] = cells;
  return [line(names), widths.map((width) => '─'.repeat(width)).join(gap), ...others.map(line)];
}

function onOneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '));
}

/** The width to which columns are cut so that all fit. */
function widestAllowed(natural: readonly number[], room: number): number {
  const widthAt = (most: number) => natural.reduce((sum, width) => sum + Math.min(width, most), 0);
  let most = Math.max(narrowest, ...natural);
  while (most > narrowest && widthAt(most) > room) most -= 1;
  return most;
}

function aligned(text: string, width: number, column: TableColumn | undefined): string {
  const filling = ' '.repeat(Math.max(0, width - textWidth(text)));
  return column?.isNumber ? filling + text : text + filling;
}
