/** The lines that fit on a screen above a line on standard error, which may take two of its rows. */
export function fittingLines(lines: readonly string[], rows: number | undefined): readonly string[] {
  const room = rows === undefined ? lines.length : Math.max(1, rows - 3);
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, room - 1);
  return [...shown, `… ${lines.length - shown.length} more do not fit.`];
}
