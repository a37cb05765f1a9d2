import { type Columns, type ColumnType, mergeTypes, scalar } from './column-type.ts';
import type { FileSchema } from './file-schema.ts';

/** https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin-rules */
const DELIMITERS = [',', '|', '\t', ';', '\u0001'];
const LONGEST_NAME = 150;

/**
 * The columns of delimited text: at least two rows of at least two columns, as many in each. The first row is a header
 * if it is of texts and a row below is not. Without one, columns are `col0`, `col1`. Undefined for another text.
 */
export function csvColumns(
  lines: readonly string[],
): { columns: Columns; rows: number; csv: NonNullable<FileSchema['csv']> } | undefined {
  for (const delimiter of DELIMITERS) {
    const rows = lines.map((line) => cellsOf(line, delimiter));
    const [first = [], ...others] = rows;
    if (others.length === 0 || first.length < 2 || rows.some((row) => row.length !== first.length)) continue;
    const hasHeader = isHeader(first, others);
    const columns = new Map<string, ColumnType>();
    for (const [index, name] of first.entries()) {
      const values = (hasHeader ? others : rows).map((row) => typeOfText(row[index] ?? ''));
      columns.set(hasHeader ? name.trim().toLowerCase() : `col${index}`, values.reduce(mergeTypes));
    }
    const isQuoted = lines.some((line) => line.includes('"'));
    return { columns, rows: hasHeader ? others.length : rows.length, csv: { delimiter, hasHeader, isQuoted } };
  }
  return undefined;
}

function isHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const isName = (cell: string, index: number) =>
    isText(typeOfText(cell)) && (cell.length < LONGEST_NAME || index === first.length - 1);
  if (!first.every(isName) || new Set(first.map((cell) => cell.trim().toLowerCase())).size < first.length) return false;
  return others.some((row) => row.some((cell) => cell !== '' && !isText(typeOfText(cell))));
}

function isText(type: ColumnType): boolean {
  return type.kind === 'scalar' && type.name === 'string';
}

function typeOfText(cell: string): ColumnType {
  const text = cell.trim();
  if (text === '') return { kind: 'null' };
  if (/^[-+]?\d{1,18}$/.test(text)) return scalar('bigint');
  return scalar(/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? 'double' : 'string');
}

/** The cells of a line. A quoted one holds delimiters, and a quote twice. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (isQuoted && character === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
