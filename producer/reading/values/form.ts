import { fieldsByName } from '../records/fields-by-name.ts';
import { CsvSplitter, type Dialect, fieldsOf } from './csv-splitter.ts';
import { JsonSplitter } from './json-splitter.ts';
import type { Splitter } from './piece.ts';

/** The form of a text. */
export type Form =
  | { kind: 'json' }
  | { kind: 'csv'; dialect: Dialect }
  /** Neither: it is read as JSON, since that may come later. `likeness` says what it looks like. */
  | { kind: 'unknown'; likeness: string };

const delimiters = [',', ';', '\t', '|'];
/** A first line that is longer tells nothing more. */
const longestFirstLineBytes = 64 * 1024;
/** Excel begins a table with the character that separates its fields. */
const separatorLine = /^"?sep=[^\r\n]?"?[;,]*[\r\n]+/i;

/** Whether the start of a text has its first line that is not blank, as {@link formOf} needs it. */
export function hasFirstLine(head: Buffer): boolean {
  const text = head.toString('latin1').trimStart().replace(separatorLine, '');
  return head.length >= longestFirstLineBytes || /^[^\r\n]+[\r\n]/.test(text);
}

/**
 * Recognises the form of a text by its first line.
 * @param columns of a table without a header.
 */
export function formOf(head: Buffer, columns?: readonly string[]): Form {
  const text = head.toString('utf8').trimStart();
  const separatorRows = separatorLine.test(text) ? 1 : 0;
  const [first = ''] = text.replace(separatorLine, '').split(/[\r\n]/, 1);
  const begins = first[0] ?? '';
  if ('[{'.includes(begins)) return { kind: 'json' };
  if (columns !== undefined) {
    const delimiter = delimiters.find((some) => fieldsOf(first, some).length === columns.length) ?? ',';
    const headerRows = separatorRows + (isHeaderOf(columns, fieldsOf(first, delimiter)) ? 1 : 0);
    return { kind: 'csv', dialect: { delimiter, columns, headerRows } };
  }
  for (const delimiter of delimiters) {
    const header = fieldsOf(first, delimiter);
    const known = fieldsByName(header);
    // Names in JSON are followed by a colon.
    const isJson = header.some((name) => /["{}:]/.test(name)) || /"\s*:/.test(first);
    if (!isJson && known.has('id') && known.has('text')) {
      return { kind: 'csv', dialect: { delimiter, columns: header, headerRows: separatorRows + 1 } };
    }
  }
  if (begins === '"' && isJson(first)) return { kind: 'json' };
  return { kind: 'unknown', likeness: likenessOf(first) };
}

/** Whether a row names the columns of a table, although they are given: its cells name the same, or the same fields. */
function isHeaderOf(columns: readonly string[], row: readonly string[]): boolean {
  const named = columns.flatMap((column, index) => (column === '-' ? [] : [[column, row[index] ?? ''] as const]));
  const isSame = named.every(([column, cell]) => column.toLowerCase() === cell.trim().toLowerCase());
  return isSame || named.every(([column, cell]) => isOfSameField(column, cell));
}

function isOfSameField(column: string, cell: string): boolean {
  const [field] = fieldsByName([column]).keys();
  return field !== undefined && fieldsByName([cell]).has(field);
}

/** The splitter for a form. */
export function splitterFor(form: Form): Splitter {
  return form.kind === 'csv' ? new CsvSplitter(form.dialect) : new JsonSplitter();
}

/** Does not repeat the line: it may hold a tweet. */
function likenessOf(first: string): string {
  if (first.startsWith('<')) return 'HTML or XML';
  if (/^\d{1,20}\s*$/.test(first)) {
    return 'a list of ids; get the tweets first, for example with `twarc2 hydrate ids.txt tweets.jsonl`';
  }
  const [widest = { delimiter: ',', header: [] }] = delimiters
    .map((delimiter) => ({ delimiter, header: fieldsOf(first, delimiter) }))
    .sort((a, b) => b.header.length - a.header.length);
  const isTable = widest.header.length > 2 || (widest.header.length === 2 && /^\d{5,20}$/.test(widest.header[0] ?? ''));
  if (!isTable) return 'plain text, which `produce text` reads, each line as a tweet';
  const known = fieldsByName(widest.header);
  const missing = (['id', 'text'] as const).filter((field) => !known.has(field));
  const what = known.size === 0 ? 'without a header' : `without a column for the ${missing.join(' and the ')}`;
  return `CSV with ${widest.header.length} columns ${what}; name them with --columns, such as --columns id,created_at,-,text`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
