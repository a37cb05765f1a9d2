/** Which rows of a long list to draw. */
export interface RowWindow {
  /** Index of the first row, and of the one after the last. */
  readonly first: number;
  readonly end: number;
}

/** Rows drawn above and below the visible ones, so that a quick scroll shows no gap. */
const MARGIN_ROWS = 12;

/** The rows of a list of `count` equally high rows that are visible in `heightPx` at a scroll of `scrollPx`. */
export function visibleRows(count: number, rowPx: number, scrollPx: number, heightPx: number): RowWindow {
  const last = Math.max(0, count - 1);
  const first = Math.min(last, Math.max(0, Math.floor(scrollPx / rowPx) - MARGIN_ROWS));
  const end = Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + MARGIN_ROWS);
  return { first, end: Math.max(first, end) };
}

/** A value to sort by. Undefined comes last, in either direction. */
export type SortValue = string | number | undefined;

/** Sorts a copy. Equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  isDescending: boolean,
): readonly Row[] {
  const sign = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((a, b) => {
      if (a.value === b.value) return 0;
      if (a.value === undefined) return 1;
      if (b.value === undefined) return -1;
      return a.value < b.value ? -sign : sign;
    })
    .map(({ row }) => row);
}

/** The rows whose text holds every word of `wanted`, in any case. */
export function findRows<Row>(rows: readonly Row[], wanted: string, text: (row: Row) => string): readonly Row[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const searched = text(row).toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
