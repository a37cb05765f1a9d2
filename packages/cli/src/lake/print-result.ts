import { plural } from '@tweet-pipes/kit/wording';
import { printable, printableJson, type Terminal } from '../terminal/terminal.ts';
import { textTable } from '../terminal/text-table.ts';
import type { QueryResult, ResultColumn, ResultRow } from './result.ts';

/** How a result is printed. */
export interface ResultForm {
  json?: true;
  csv?: true;
  /** With `json`: numbers and truth values as such where JSON holds them exactly. */
  typed?: true;
  /** Rows at most. Default: of a table 100, else all. */
  limit?: number;
}

/** Rows of a table, where no limit is given: a screen is no file. */
const tableRows = 100;

/** Prints a result on standard output, and what it leaves out on standard error. Returns the number of rows printed. */
export async function printResult(
  { columns, rows }: QueryResult,
  form: ResultForm,
  terminal: Terminal,
): Promise<number> {
  if (form.csv) return printCsv(columns, rows, form.limit, terminal);
  const { kept, hasMore } = await take(rows, form.limit ?? (form.json ? undefined : tableRows));
  if (form.json) terminal.out(printableJson(kept.map((row) => jsonRow(columns, row, form.typed === true))));
  else {
    const header = columns.map(({ name, type }) => ({ name, isNumber: numberTypes.test(type) }));
    const cells = kept.map((row) => row.map((value) => value ?? 'NULL'));
    for (const line of textTable(header, cells, terminal.size?.columns)) terminal.out(line);
    if (hasMore && form.limit === undefined) {
      terminal.err(`There are more than ${plural(tableRows, 'row')}: --limit <rows>, --csv and --json give more.`);
    }
  }
  return kept.length;
}

async function printCsv(
  columns: readonly ResultColumn[],
  rows: AsyncIterable<ResultRow>,
  limit: number | undefined,
  terminal: Terminal,
): Promise<number> {
  const print = (values: ResultRow) => {
    const line = values.map(csvValue).join(',');
    terminal.out(terminal.isScreen ? printable(line) : line);
  };
  print(columns.map(({ name }) => name));
  let printed = 0;
  if (limit === 0) return 0;
  for await (const row of rows) {
    print(row);
    printed += 1;
    if (printed === limit) break;
  }
  return printed;
}

async function take(
  rows: AsyncIterable<ResultRow>,
  most: number = Number.POSITIVE_INFINITY,
): Promise<{ kept: ResultRow[]; hasMore: boolean }> {
  const kept: ResultRow[] = [];
  for await (const row of rows) {
    if (kept.length >= most) return { kept, hasMore: true };
    kept.push(row);
  }
  return { kept, hasMore: false };
}

/** As Athena's own files have it: every value in quotes, nothing for NULL (RFC 4180). */
function csvValue(value: string | null): string {
  return value === null ? '' : `"${value.replaceAll('"', '""')}"`;
}

const numberTypes = /^(tinyint|smallint|integer|bigint|float|real|double|decimal)/;

function jsonRow(columns: readonly ResultColumn[], row: ResultRow, isTyped: boolean): Record<string, unknown> {
  return Object.fromEntries(
    columns.map(({ name, type }, index) => {
      const value = row[index] ?? null;
      return [name, isTyped && value !== null ? typedValue(value, type) : value];
    }),
  );
}

/** Integers to 2^53, finite doubles and truth values; everything else stays text, so that no digit is lost. */
function typedValue(value: string, type: string): unknown {
  if (type === 'boolean') return value === 'true';
  if (/^(tinyint|smallint|integer|bigint)$/.test(type)) {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (/^(float|real|double)$/.test(type)) return Number.isFinite(Number(value)) ? Number(value) : value;
  return value;
}
