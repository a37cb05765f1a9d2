import { GetTableCommand, type GlueClient, paginateGetDatabases, paginateGetTables } from '@aws-sdk/client-glue';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { ResultColumn } from '../column-types.ts';
import { QueryError } from '../sql/query-error.ts';
import { tokensOf } from '../sql/tokens.ts';

/** The answer to a statement about the catalog: lines of text. */
export interface CatalogAnswer {
  lines: string[];
  columns: ResultColumn[];
}

/**
 * Answers SHOW DATABASES, SHOW SCHEMAS, SHOW TABLES and DESCRIBE. Throws `QueryError`, NOT_SUPPORTED for every other
 * form.
 */
export async function catalogAnswer(
  sql: string,
  database: string | undefined,
  glue: GlueClient,
): Promise<CatalogAnswer> {
  const words = tokensOf(sql)
    .filter(({ text }) => text !== ';' && text !== '.')
    .map(({ text }) => text.replaceAll(/["`]/g, ''));
  const [verb = '', what = '', ...rest] = words;
  const form = `${verb} ${what}`.toUpperCase();
  if (form === 'SHOW DATABASES' || form === 'SHOW SCHEMAS') {
    if (rest.length > 0) throw unsupported(`${form} with a pattern`);
    const lines: string[] = [];
    for await (const { DatabaseList = [] } of paginateGetDatabases({ client: glue }, {})) {
      lines.push(...DatabaseList.map(({ Name = '' }) => Name));
    }
    return { lines, columns: [textColumn('database_name')] };
  }
  if (form === 'SHOW TABLES') {
    const [where, named, ...more] = rest;
    const isNamedDatabase = where !== undefined && /^(in|from)$/i.test(where);
    if ((rest.length > 0 && !isNamedDatabase) || more.length > 0) throw unsupported(`${form} with a pattern`);
    const DatabaseName = isNamedDatabase ? named : database;
    if (DatabaseName === undefined) throw new QueryError('SYNTAX_ERROR', 'Schema must be specified');
    const lines: string[] = [];
    await known(async () => {
      for await (const { TableList = [] } of paginateGetTables({ client: glue }, { DatabaseName })) {
        lines.push(...TableList.map(({ Name = '' }) => Name));
      }
    });
    return { lines, columns: [textColumn('tab_name')] };
  }
  if (/^desc/i.test(verb)) {
    const names = words.slice(1).filter((word) => !/^(table)$/i.test(word));
    if (names.length < 1 || names.length > 2) throw unsupported('DESCRIBE of a column or a partition');
    const [DatabaseName = '', Name] = names.length === 2 ? names : [database, names[0]];
    const table = await known(async () => (await glue.send(new GetTableCommand({ DatabaseName, Name }))).Table);
    const columns = [...(table?.StorageDescriptor?.Columns ?? []), ...(table?.PartitionKeys ?? [])];
    return {
      lines: columns.map(({ Name: column = '', Type = '', Comment = '' }) =>
        [column.padEnd(20), Type.padEnd(20), Comment.padEnd(20)].join('\t'),
      ),
      columns: ['col_name', 'data_type', 'comment'].map(textColumn),
    };
  }
  throw unsupported(form);
}

async function known<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isNamed(error, 'EntityNotFoundException')) throw error;
    throw new QueryError('TABLE_NOT_FOUND', error.message, undefined, { cause: error });
  }
}

function unsupported(what: string): QueryError {
  return new QueryError('NOT_SUPPORTED', `${what} is not supported by the local Athena`);
}

function textColumn(name: string): ResultColumn {
  return { name, type: 'string', precision: 0, scale: 0 };
}
