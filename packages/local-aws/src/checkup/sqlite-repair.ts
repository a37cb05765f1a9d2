import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { hasCode } from '@tweet-pipes/kit/thrown';
import { quote, type SqliteStore } from './sqlite-file.ts';

/** Greatest step over rows that cannot be read. */
const LONGEST_STEP = 2n ** 40n;

/**
 * Copies what can be read of a SQLite file into a new one that takes its place. The damaged file is moved to `movedTo`.
 * Returns the number of rows; undefined when nothing can be read, and there is no file then.
 */
export async function repairSqliteFile(
  { file, jsonColumns }: SqliteStore,
  movedTo: string,
): Promise<number | undefined> {
  const target = join(movedTo, `${basename(file)}.repaired`);
  const rows = existsSync(file) ? copyReadable(file, target, jsonColumns) : undefined;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${file}${suffix}`)) await rename(`${file}${suffix}`, join(movedTo, `${basename(file)}${suffix}`));
  }
  if (rows === undefined) await rm(target, { force: true });
  else await rename(target, file);
  return rows;
}

function copyReadable(file: string, target: string, jsonColumns: readonly string[]): number | undefined {
  try {
    using source = new DatabaseSync(file, { readOnly: true });
    const schema = source
      .prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ type, name, sql }) => ({ type: String(type), name: String(name), sql: String(sql) }));
    const tables = schema.filter(({ type }) => type === 'table');
    if (tables.length === 0) return undefined;
    using copy = new DatabaseSync(target);
    copy.exec('PRAGMA journal_mode = WAL; BEGIN');
    for (const { sql } of tables) copy.exec(sql);
    let rows = 0;
    for (const { name } of tables) rows += copyTable(source, copy, name, jsonColumns);
    for (const { type, sql } of schema) if (type === 'index') copy.exec(sql);
    copy.exec('COMMIT');
    return rows;
  } catch (error) {
    if (hasCode(error, 'ERR_SQLITE_ERROR')) return undefined;
    throw error;
  }
}

function copyTable(source: DatabaseSync, copy: DatabaseSync, table: string, jsonColumns: readonly string[]): number {
  const columns = copy.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  const names = columns.map(({ name }) => String(name));
  const list = names.map(quote).join(', ');
  const insert = copy.prepare(
    `INSERT OR IGNORE INTO ${quote(table)} (${list}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  let rows = 0;
  for (const row of readableRows(source, table, list)) {
    const isDamaged = names.some((name) => jsonColumns.includes(name) && !isJson(row[name]));
    if (!isDamaged) rows += Number(insert.run(...names.map((name) => row[name] ?? null)).changes);
  }
  return rows;
}

type Row = Record<string, SQLInputValue>;

/**
 * The rows on readable pages: upwards to the first damaged page, then beyond it in growing steps, each with what lies
 * before it. A row may come twice.
 */
function* readableRows(source: DatabaseSync, table: string, columns: string): Generator<Row> {
  const select = (where: string) => {
    const statement = source.prepare(`SELECT rowid AS "rowid of this", ${columns} FROM ${quote(table)} WHERE ${where}`);
    statement.setReadBigInts(true);
    return statement;
  };
  const above = select('rowid > ? ORDER BY rowid');
  const between = select('rowid > ? AND rowid <= ? ORDER BY rowid DESC');
  const next = select('rowid > ? ORDER BY rowid LIMIT 1');
  let after = -1n;
  for (;;) {
    try {
      for (const row of above.iterate(after)) {
        after = rowidOf(row);
        yield row;
      }
      return;
    } catch (error) {
      if (!hasCode(error, 'ERR_SQLITE_ERROR')) throw error;
    }
    const found = firstReadable((from) => next.get(from), after);
    if (found === undefined) return;
    yield* untilUnreadable(() => between.iterate(after, found));
    after = found;
  }
}

/** The row behind a damaged page, found in steps that double. */
function firstReadable(next: (from: bigint) => Row | undefined, after: bigint): bigint | undefined {
  for (let step = 1n; step <= LONGEST_STEP; step *= 2n) {
    try {
      const row = next(after + step);
      return row === undefined ? undefined : rowidOf(row);
    } catch (error) {
      if (!hasCode(error, 'ERR_SQLITE_ERROR')) throw error;
    }
  }
  return undefined;
}

function* untilUnreadable(rows: () => Iterable<Row>): Generator<Row> {
  try {
    yield* rows();
  } catch (error) {
    if (!hasCode(error, 'ERR_SQLITE_ERROR')) throw error;
  }
}

function rowidOf(row: Row): bigint {
  const value = row['rowid of this'];
  return typeof value === 'bigint' ? value : BigInt(Number(value));
}

function isJson(value: SQLInputValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  try {
    JSON.parse(String(value));
    return true;
  } catch {
    return false;
  }
}
