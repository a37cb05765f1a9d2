import { readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import type { Damage, StoreCheck, StoreName } from './damage.ts';
import type { CheckDepth } from './kinesis-files.ts';
import { walProblem } from './sqlite-wal.ts';

const MAGIC = Buffer.from('SQLite format 3\0');

/** A SQLite file of an engine. */
export interface SqliteStore {
  readonly store: StoreName;
  /** Absolute. */
  readonly file: string;
  /** What it holds, for "lost": `items`, `objects and messages`. */
  readonly content: string;
  /** Tables that the engine always makes. */
  readonly tables: readonly string[];
  /** Columns with JSON, of the tables that have them. */
  readonly jsonColumns: readonly string[];
}

/**
 * Checks a SQLite file and its write-ahead log, of which SQLite itself leaves out in silence what follows a damaged
 * frame. Reads only. Beyond `contentBytes`, only the header, the log and the schema are checked.
 */
export function checkSqliteFile(of: SqliteStore, { contentBytes, isExpected }: CheckDepth): StoreCheck {
  const walBytes = sizeOf(`${of.file}-wal`) ?? 0;
  const size = sizeOf(of.file);
  const bytes = (size ?? 0) + walBytes;
  const damages = [...findDamages(of, size, walBytes, bytes <= contentBytes, isExpected)];
  return { store: of.store, path: of.file, bytes, damages };
}

function* findDamages(
  of: SqliteStore,
  size: number | undefined,
  walBytes: number,
  withContent: boolean,
  isExpected: boolean,
): Generator<Damage> {
  const { file, content, tables } = of;
  const all = `all ${content}`;
  if (size === undefined || size === 0) {
    // A new file is empty until the engine has made its tables.
    if (isExpected) yield { file, problem: size === undefined ? 'is missing' : 'is empty', lost: all };
    return;
  }
  if (!readFileSync(file).subarray(0, MAGIC.length).equals(MAGIC)) {
    const lost = walBytes > 0 ? `${all} that are not in its log` : all;
    yield { file, problem: 'does not begin as a SQLite file', lost };
    return;
  }
  const wal = `${file}-wal`;
  const problem = walBytes > 0 ? walProblem(readFileSync(wal)) : undefined;
  if (problem !== undefined) yield { file: wal, problem, lost: `the latest changes of its ${content}` };
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const missing = tables.filter((table) => !names.some(({ name }) => name === table));
    if (isExpected && missing.length > 0) {
      yield { file, problem: `has no table ${missing.join(', ')}`, lost: all };
      return;
    }
    if (withContent) yield* findBadContent(database, of);
  } catch (error) {
    if (hasCode(error, 'ERR_SQLITE_ERROR')) yield { file, problem: `cannot be read: ${sentence(error)}`, lost: all };
    else throw error;
  }
}

function* findBadContent(database: DatabaseSync, { file, content, jsonColumns }: SqliteStore): Generator<Damage> {
  const [first] = database.prepare('PRAGMA quick_check(1)').all();
  const result = String(first?.quick_check);
  if (result !== 'ok') {
    const problem = `has damaged pages (${result.split('\n').at(-1)})`;
    yield { file, problem, lost: `some of its ${content}` };
    return;
  }
  const columns = database
    .prepare(
      `SELECT t.name AS tableName, c.name AS columnName FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'`,
    )
    .all();
  for (const { tableName, columnName } of columns) {
    if (!jsonColumns.includes(String(columnName))) continue;
    const [table, column] = [quote(String(tableName)), quote(String(columnName))];
    const bad = `SELECT count(*) AS bad FROM ${table} WHERE ${column} IS NOT NULL AND NOT json_valid(${column})`;
    const count = Number(database.prepare(bad).get()?.bad);
    if (count > 0) {
      const lost = `${count} of its ${content}`;
      yield { file, problem: `holds ${count} damaged rows in the table ${String(tableName)}`, lost };
    }
  }
}

/** A name in a SQL statement. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
