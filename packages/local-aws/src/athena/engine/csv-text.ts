/** A row of a result as Athena writes it: every value in quotes, nothing for NULL. */
export function csvRow(values: readonly (string | undefined)[]): string {
  return `${values.map((value) => (value === undefined ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
}

const VALUE = /(?:"((?:[^"]|"")*)")?(,|\n)/y;

/** The first rows of the text of a result, and where they end. A row that is cut off is left out. NULL is undefined. */
export function csvRows(content: string, most: number): { rows: (string | undefined)[][]; end: number } {
  const rows: (string | undefined)[][] = [];
  let row: (string | undefined)[] = [];
  let end = 0;
  VALUE.lastIndex = 0;
  while (rows.length < most) {
    const match = VALUE.exec(content);
    if (match === null) break;
    row.push(match[1]?.replaceAll('""', '"'));
    if (match[2] === ',') continue;
    rows.push(row);
    row = [];
    end = VALUE.lastIndex;
  }
  return { rows, end };
}
