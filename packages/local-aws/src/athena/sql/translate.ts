import { emitQuery } from './emit-query.ts';
import { EmitScope, type TableReference } from './emit-scope.ts';
import { parseQuery } from './parse-query.ts';
import { QueryError } from './query-error.ts';

/** A query in DuckDB's SQL, with the tables that it reads. */
export interface Translation {
  sql: string;
  /** One for each place where a table stands. */
  tables: TableReference[];
  /** Columns of the result that are times in a zone, as text. */
  zonedColumns: ReadonlySet<string>;
}

export interface TranslateOptions {
  /** The database of names without one. */
  database: string | undefined;
  /** Names of columns with the type date or timestamp. */
  dateColumns?: ReadonlySet<string>;
  /** Reads `UNNEST(x) AS t(a, b)` as one of rows, not of a map. */
  unnestsRows?: boolean;
  /** Reads `reverse` as that of lists, not of texts. */
  reversesLists?: boolean;
}

/**
 * Translates a query of Athena's SQL to DuckDB's. Throws `QueryError`: SYNTAX_ERROR with its place, NOT_SUPPORTED with
 * the name of what is missing, FUNCTION_NOT_FOUND. docs/adr/0043
 */
export function translateQuery(sql: string, options: TranslateOptions): Translation {
  const parsed = parseQuery(sql);
  if (parsed.kind === 'other') {
    const [first = ''] = parsed.words;
    throw new QueryError(
      'NOT_SUPPORTED',
      `${first.toUpperCase()} is not supported by the local Athena, which only reads`,
    );
  }
  const scope = new EmitScope({
    sql,
    database: options.database,
    dateColumns: options.dateColumns ?? new Set(),
    unnestsRows: options.unnestsRows === true,
    reversesLists: options.reversesLists === true,
  });
  const translated = emitQuery(parsed.tree, scope);
  return { sql: translated, tables: scope.tables, zonedColumns: scope.zonedColumns };
}
