import { isUtf8 } from 'node:buffer';
import { ByteWindow } from './byte-window.ts';
import { largestPieceBytes, type Piece, type Splitter } from './piece.ts';

const code = (character: string): number => character.charCodeAt(0);
const [lineFeed, carriageReturn, quote] = [code('\n'), code('\r'), code('"')];

/** After these bytes a quoted field without an end is given up, and only its first line is lost. */
const longestRowBytes = 256 * 1024;

/** How a table is written. */
export interface Dialect {
  delimiter: string;
  columns: readonly string[];
  /** So many rows come before the first tweet: one with the names of the columns, and what Excel writes before it. */
  headerRows: number;
}

/**
 * Splits a table into rows (RFC 4180). Fields may be quoted, and quoted ones have line breaks. A row whose quotes do
 * not fit is read once more as if a quote had no meaning; if it then has all columns and no field lacks its closing
 * quote, it is taken. Either way it ends with its line, so that one bad row does not take others with it. Empty lines
 * are skipped.
 */
export class CsvSplitter implements Splitter {
  readonly #window = new ByteWindow();
  readonly #dialect: Dialect;
  readonly #delimiter: number;
  #line = 1;
  #headerRowsDue: number;
  /** Bytes of the window that were looked at, and in which state the look ended. */
  #scan: Scan = { position: 0, state: 'start' };
  #isTooLong = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#delimiter = code(dialect.delimiter);
    this.#headerRowsDue = dialect.headerRows;
  }

  *push(chunk: Buffer): Generator<Piece> {
    this.#window.append(chunk);
    yield* this.#pieces(false);
  }

  *end(): Generator<Piece> {
    yield* this.#pieces(true);
  }

  *#pieces(isEnd: boolean): Generator<Piece> {
    for (;;) {
      const end = this.#endOfRow(isEnd);
      if (end === undefined) return;
      const piece = this.#take(end);
      if (piece !== undefined) yield piece;
    }
  }

  /** Where the row ends, its line end left out, and whether its quotes fit. Undefined if it needs more bytes. */
  #endOfRow(isEnd: boolean): RowEnd | undefined {
    const window = this.#window;
    if (window.length === 0) return undefined;
    let { position, state } = this.#scan;
    for (; position < window.length && state !== 'misquoted'; position += 1) {
      const byte = window.at(position);
      if (state === 'quoted') {
        if (byte === quote) state = 'closed';
        else if (position >= longestRowBytes) state = 'misquoted';
      } else if (byte === lineFeed) return { position, isMisquoted: false };
      else if (byte === this.#delimiter) state = 'start';
      else if (byte === quote && state !== 'plain') state = 'quoted';
      else if (state === 'start') state = 'plain';
      else if (state === 'closed' && byte !== carriageReturn) state = 'misquoted';
    }
    this.#scan = { position, state };
    if (state === 'misquoted' || (isEnd && state === 'quoted')) {
      const lineEnd = window.indexOf(lineFeed);
      if (lineEnd !== -1) return { position: lineEnd, isMisquoted: true };
      if (isEnd) return { position: window.length, isMisquoted: true };
    } else if (isEnd) return { position: window.length, isMisquoted: false };
    this.#boundMemory();
    return undefined;
  }

  #boundMemory(): void {
    if (this.#window.length <= largestPieceBytes) return;
    this.#isTooLong = true;
    this.#window.drop(this.#window.length);
    this.#scan = { position: 0, state: 'plain' };
  }

  #take({ position, isMisquoted }: RowEnd): Piece | undefined {
    const { columns } = this.#dialect;
    const row = trimmed(this.#window.slice(0, position));
    const bytes = this.#isTooLong ? row.subarray(0, 0) : row;
    const line = this.#line;
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) this.#line += 1;
    this.#line += 1;
    this.#window.drop(Math.min(position + 1, this.#window.length));
    this.#scan = { position: 0, state: 'start' };
    const broken = (reason: string): Piece => ({ kind: 'broken', line, bytes, reason });
    if (this.#isTooLong) {
      this.#isTooLong = false;
      return broken(`longer than ${largestPieceBytes / 1024 ** 2} MiB`);
    }
    if (bytes.length === 0) return undefined;
    if (this.#headerRowsDue > 0) {
      this.#headerRowsDue -= 1;
      return undefined;
    }
    if (!isUtf8(bytes)) return broken('not UTF-8');
    const fields = fieldsOf(bytes.toString('utf8'), this.#dialect.delimiter, isMisquoted);
    // A delimiter at the end of each row makes no columns.
    while (fields.length > columns.length && fields.at(-1) === '') fields.pop();
    if (fields.length === columns.length && !(isMisquoted && this.#hasOpenQuote(fields))) {
      return {
        kind: 'row',
        line,
        bytes,
        fields: new Map(columns.map((column, index) => [column, fields[index] ?? ''])),
      };
    }
    if (isMisquoted) return broken('a row whose quotes do not fit');
    return broken(`a row with ${fields.length} of ${columns.length} columns`);
  }

  /** A field begins with a quote that nothing closes. Tables with tabs are often written without quoting. */
  #hasOpenQuote(fields: readonly string[]): boolean {
    if (this.#dialect.delimiter === '\t') return false;
    return fields.some((field) => field.startsWith('"') && field.split('"').length % 2 === 0);
  }
}

interface Scan {
  position: number;
  /** At the start of a field, within a plain or quoted one, behind a closing quote; or quotes do not fit. */
  state: 'start' | 'plain' | 'quoted' | 'closed' | 'misquoted';
}

interface RowEnd {
  position: number;
  isMisquoted: boolean;
}

function trimmed(bytes: Buffer): Buffer {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}

/**
 * The fields of a row, unquoted.
 * @param isMisquoted every delimiter separates, also between quotes.
 */
export function fieldsOf(row: string, delimiter: string, isMisquoted = false): string[] {
  if (isMisquoted || !row.includes('"')) {
    return row
      .split(delimiter)
      .map((field) => (/^".*"$/s.test(field) ? field.slice(1, -1).replaceAll(/["\\]"/g, '"') : field));
  }
  const fields: string[] = [];
  for (let start = 0; start <= row.length; ) {
    let end = start;
    if (row[start] === '"') {
      do end = row.indexOf('"', end + 1) + 1 || row.length;
      while (row[end] === '"');
      fields.push(row.slice(start + 1, end - 1).replaceAll('""', '"'));
    } else {
      end = row.indexOf(delimiter, start);
      if (end === -1) end = row.length;
      fields.push(row.slice(start, end));
    }
    if (end >= row.length) return fields;
    start = end + delimiter.length;
    if (start === row.length) fields.push('');
    if (start === row.length) return fields;
  }
  return fields;
}
