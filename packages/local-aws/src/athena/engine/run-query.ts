import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '@tweet-pipes/kit/thrown';
import { type ResultColumn, resultColumn } from '../column-types.ts';
import { macroStatements } from '../sql/macros.ts';
import { QueryError } from '../sql/query-error.ts';
import { type TranslateOptions, type Translation, translateQuery } from '../sql/translate.ts';
import { quoted } from '../sql/types.ts';
import { valueText } from '../value-text.ts';
import { csvRow } from './csv-text.ts';
import type { Databases } from './databases.ts';
import { queryErrorOf } from './duckdb-error.ts';
import { isOfHalfSurrogate, withoutHalfSurrogates } from './half-surrogates.ts';
import type { Relation, TableFile, TableName, TableWanted } from './messages.ts';
import { createTableView } from './relation-view.ts';

/** Views inside of views. */
const DEEPEST_VIEW = 16;
/** Tables and views that a query and its views name, each view as often as it is named. */
const MOST_RELATIONS = 1000;
/** Characters that are collected before they are written. */
const WRITE_CHARACTERS = 65_536;

/** One query to run. */
export interface QueryRun {
  sql: string;
  database: string | undefined;
  /** Where the result is written, as CSV. */
  output: string;
  /** What tables stand for, in the order that they are asked for. Rejects with `QueryError`. */
  relations(tables: readonly TableWanted[]): Promise<readonly Relation[]>;
  /** Called with what interrupts the query, once there is one. */
  onStart(interrupt: () => void): void;
}

/** What a query wrote. */
interface Written {
  columns: ResultColumn[];
  rows: number;
}

/** Runs a query in a database of its own. Throws `QueryError`. */
export async function runQuery(run: QueryRun, databases: Databases): Promise<Written> {
  try {
    return await runOnce(run, databases);
  } catch (error) {
    if (!(error instanceof QueryError && isOfHalfSurrogate(error))) throw error;
    const relations: QueryRun['relations'] = async (tables) => withoutHalfSurrogates(await run.relations(tables));
    return runOnce({ ...run, relations }, databases);
  }
}

async function runOnce(run: QueryRun, databases: Databases): Promise<Written> {
  const files: TableFile[] = [];
  // Before a database is opened: most errors are found here.
  translateQuery(run.sql, { database: run.database });
  try {
    return await databases.use(async (connection) => {
      run.onStart(() => connection.interrupt());
      const found = new Map<string, Named>();
      const dateColumns = await findRelations(run, found, { depth: 0, times: 1, count: { relations: 0 } });
      for (const { relation } of found.values()) if (relation.kind === 'files') files.push(...relation.files);
      const macros = new Set<string>();
      await createRelations(connection, [...found.values()], run.sql, macros);
      return withAlternatives(run.sql, { database: run.database, dateColumns }, async (translation) => {
        await createMacros(connection, translation.sql, macros);
        return writeResult(connection, translation, run.output);
      });
    });
  } catch (error) {
    throw queryErrorOf(error, run.sql, files);
  }
}

/** What a name of the catalog stands for in a query. */
interface Named {
  table: TableName;
  relation: Relation;
  /** Of a view: the columns of what it reads that are dates or times. */
  dateColumns: ReadonlySet<string>;
}

/** Makes the functions that a statement uses. Macros keep the meaning of `/` that it has when they are made. */
async function createMacros(connection: DuckDBConnection, sql: string, made: Set<string>): Promise<void> {
  const statements = macroStatements(sql, made);
  if (statements.length > 0) await connection.run(statements.join(';\n'));
}

/**
 * Finds the tables and views that a query reads, also in its views: each with all objects that one of these reads need,
 * and after what it reads itself. What a view reads is asked for each time that the view is named, since it is scanned
 * then. Returns the columns of the query's own tables that are dates or times.
 */
async function findRelations(
  { sql, database, relations }: Pick<QueryRun, 'sql' | 'database' | 'relations'>,
  found: Map<string, Named>,
  { depth, times, count }: { depth: number; times: number; count: { relations: number } },
): Promise<Set<string>> {
  if (depth > DEEPEST_VIEW) throw new QueryError('INVALID_VIEW', `views are nested more than ${DEEPEST_VIEW} deep`);
  const ownDateColumns = new Set<string>();
  const wanted = grouped(translateQuery(sql, { database }), times);
  count.relations += wanted.length;
  if (count.relations > MOST_RELATIONS) {
    throw new QueryError('INVALID_VIEW', `views name more than ${MOST_RELATIONS} tables`);
  }
  const answers = wanted.length === 0 ? [] : await relations(wanted);
  for (const [index, relation] of answers.entries()) {
    const table = wanted[index];
    if (table === undefined) continue;
    for (const { name, type } of relation.columns) if (/^(date|timestamp)/i.test(type)) ownDateColumns.add(name);
    const key = nameOf(table);
    if (relation.kind === 'files') {
      const known = found.get(key)?.relation;
      const files = new Map(
        [...(known?.kind === 'files' ? known.files : []), ...relation.files].map((file) => [file.local, file]),
      );
      found.set(key, { table, relation: { ...relation, files: [...files.values()] }, dateColumns: new Set() });
      continue;
    }
    const inner = { depth: depth + 1, times: times * table.conditions.length, count };
    const dateColumns = await findRelations({ ...relation, relations }, found, inner);
    if (!found.has(key)) found.set(key, { table, relation, dateColumns });
  }
  return ownDateColumns;
}

/** Makes views of DuckDB for tables and views of the catalog. */
async function createRelations(
  connection: DuckDBConnection,
  found: readonly Named[],
  sql: string,
  macros: Set<string>,
) {
  const texts = [sql, ...found.flatMap(({ relation }) => (relation.kind === 'view' ? relation.sql : []))];
  const hasPath = texts.some((each) => each.includes('"$path"'));
  for (const { table, relation, dateColumns } of found) {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(table.database)}`);
    if (relation.kind === 'files') {
      await createTableView(connection, table, relation, { hasPath });
      continue;
    }
    const names = relation.columns.map(({ name }) => quoted(name)).join(', ');
    const as = `CREATE VIEW ${nameOf(table)}${names === '' ? '' : ` (${names})`} AS `;
    await withAlternatives(relation.sql, { database: relation.database, dateColumns }, async (translation) => {
      await createMacros(connection, translation.sql, macros);
      await connection.run(as + translation.sql);
    });
  }
}

/**
 * Runs a translation. Where the meaning depends on types, which only DuckDB knows, the other meaning is tried when the
 * first does not fit: UNNEST of a map or of rows, `reverse` of a text or of a list.
 */
async function withAlternatives<T>(
  sql: string,
  options: TranslateOptions,
  work: (translation: Translation) => Promise<T>,
): Promise<T> {
  let chosen = options;
  for (;;) {
    try {
      return await work(translateQuery(sql, chosen));
    } catch (error) {
      const message = messageOf(error);
      const isBinder = message.startsWith('Binder Error');
      if (isBinder && chosen.unnestsRows !== true && message.includes('map_entries(')) {
        chosen = { ...chosen, unnestsRows: true };
      } else if (isBinder && chosen.reversesLists !== true && /'reverse\(.*\[\]\)'/.test(message)) {
        chosen = { ...chosen, reversesLists: true };
      } else throw error;
    }
  }
}

async function writeResult(
  connection: DuckDBConnection,
  { sql, zonedColumns }: Translation,
  output: string,
): Promise<{ columns: ResultColumn[]; rows: number }> {
  const result = await connection.stream(sql);
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, index): ResultColumn => {
    const column = resultColumn(name, types[index] ?? types[0] ?? neverEmpty());
    return zonedColumns.has(name) ? { ...column, type: 'timestamp with time zone', precision: 3 } : column;
  });
  const stream = createWriteStream(output, { mode: 0o600 });
  let rows = 0;
  let pending = csvRow(columns.map(({ name }) => name));
  try {
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const row of chunk.getRows()) {
        pending += csvRow(row.map((value, index) => valueText(value, types[index] ?? neverEmpty())));
        rows += 1;
        if (pending.length < WRITE_CHARACTERS) continue;
        if (!stream.write(pending)) await once(stream, 'drain');
        pending = '';
      }
    }
  } finally {
    stream.end(pending);
    await finished(stream);
  }
  return { columns, rows };
}

function neverEmpty(): never {
  throw new QueryError('GENERIC_INTERNAL_ERROR', 'the result has no columns');
}

function grouped({ tables }: Translation, times: number): TableWanted[] {
  const wanted = new Map<string, TableWanted & { conditions: TableWanted['conditions'][number][] }>();
  for (const { database, name, conditions } of tables) {
    const known = wanted.get(nameOf({ database, name }));
    if (known === undefined)
      wanted.set(nameOf({ database, name }), { database, name, conditions: [conditions], times });
    else known.conditions.push(conditions);
  }
  return [...wanted.values()];
}

function nameOf({ database, name }: TableName): string {
  return `${quoted(database)}.${quoted(name)}`;
}
