import { type AthenaClient, type ColumnInfo, type Datum, paginateGetQueryResults } from '@aws-sdk/client-athena';
import type { FinishedQuery } from './run-query.ts';

/** A column of a result, with Athena's name of its type: `varchar`, `bigint`, `array`. */
export interface ResultColumn {
  name: string;
  type: string;
}

/** A row of a result, in the order of the columns: values as Athena prints them, NULL as null. */
export type ResultRow = readonly (string | null)[];

/** A result that is read page by page. */
export interface QueryResult {
  columns: readonly ResultColumn[];
  rows: AsyncIterable<ResultRow>;
}

/** The most that GetQueryResults gives. */
const pageRows = 1_000;

/**
 * Opens the result of a query: reads its first page, and the others as their rows are asked for. Athena answers
 * DESCRIBE with three columns and one value a row, a line with tabs between its columns; it becomes three values.
 * https://github.com/uber/athenadriver/blob/master/resources/UndocumentedAthena.md
 */
export async function openResult(athena: AthenaClient, { id, execution }: FinishedQuery): Promise<QueryResult> {
  const pages = paginateGetQueryResults({ client: athena, pageSize: pageRows }, { QueryExecutionId: id });
  const first = (await pages.next()).value?.ResultSet ?? {};
  const columns = columnsOf(first.ResultSetMetadata?.ColumnInfo ?? []);
  // AWS: "GetQueryResults". The first row of a SELECT holds the names of its columns.
  const isHeader = execution.StatementType === 'DML';
  const rowOf = ({ Data = [] }: { Data?: Datum[] | undefined }): ResultRow => {
    const values = Data.map(({ VarCharValue }) => VarCharValue ?? null);
    const [line] = values;
    const isOneLine = execution.StatementType !== 'DML' && columns.length > 1 && values.length === 1;
    const parts = isOneLine && typeof line === 'string' ? line.split('\t').map((part) => part.trim()) : values;
    return columns.map((_, index) => parts[index] ?? null);
  };
  async function* rows(): AsyncGenerator<ResultRow> {
    for (const row of (first.Rows ?? []).slice(isHeader ? 1 : 0)) yield rowOf(row);
    for await (const { ResultSet } of pages) for (const row of ResultSet?.Rows ?? []) yield rowOf(row);
  }
  return { columns, rows: rows() };
}

/** Columns under names that differ: of `count`, `count` the second is `count_2`. */
function columnsOf(infos: readonly ColumnInfo[]): ResultColumn[] {
  const taken = new Set<string>();
  return infos.map(({ Label, Name, Type = 'varchar' }) => {
    const wanted = Label ?? Name ?? '';
    let name = wanted;
    for (let copy = 2; taken.has(name); copy += 1) name = `${wanted}_${copy}`;
    taken.add(name);
    return { name, type: Type };
  });
}
