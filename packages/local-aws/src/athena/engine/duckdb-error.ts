import { messageOf } from '@tweet-pipes/kit/thrown';
import { QueryError, type QueryErrorName } from '../sql/query-error.ts';
import { placeOfName } from '../sql/tokens.ts';
import type { TableFile } from './messages.ts';

const NAMES = new Set<string>([
  'DIVISION_BY_ZERO',
  'INVALID_CAST_ARGUMENT',
  'INVALID_FUNCTION_ARGUMENT',
  'NUMERIC_VALUE_OUT_OF_RANGE',
  'NOT_SUPPORTED',
  'TYPE_MISMATCH',
] satisfies QueryErrorName[]);

/** Trino's types, by DuckDB's names in its messages. */
const TYPES: Readonly<Record<string, string>> = {
  INT8: 'tinyint',
  INT16: 'smallint',
  INT32: 'integer',
  INT64: 'bigint',
};

/** What an error of DuckDB means in Athena's words. `files` are the objects that the query read. */
export function queryErrorOf(error: unknown, sql: string, files: readonly TableFile[]): QueryError {
  if (error instanceof QueryError) return error;
  const message = messageOf(error);
  const own = /athena!([A-Z_]+): (.*?)' to INT32/s.exec(message);
  if (own?.[1] !== undefined && NAMES.has(own[1])) return new QueryError(own[1] as QueryErrorName, own[2] ?? '');
  const options = { cause: error };
  const path = files.find(({ local }) => message.includes(local))?.path;
  if (path !== undefined) {
    const text = message.replaceAll(/"[^"]*athena\/objects\/[^"]*"/g, path).split('\n')[0] ?? '';
    return new QueryError('HIVE_BAD_DATA', `Error reading ${path}: ${text}`, undefined, options);
  }
  if (/^Out of Memory/i.test(message)) {
    return new QueryError(
      'EXCEEDED_MEMORY_LIMIT',
      'Query exhausted resources at this scale factor',
      undefined,
      options,
    );
  }
  const column =
    /Referenced column "([^"]+)" not found/.exec(message) ??
    /Column "([^"]+)" referenced that exists in the SELECT clause/.exec(message) ??
    /(?:does not have a column named|Could not find key|Table "[^"]+" does not have a column) "([^"]+)"/.exec(message);
  if (column?.[1] !== undefined) {
    const text = `Column '${column[1]}' cannot be resolved or requester is not authorized to access requested resources`;
    return new QueryError('COLUMN_NOT_FOUND', text, placeOfName(sql, column[1]), options);
  }
  const single = /column "([^"]+)" must appear in the GROUP BY clause/.exec(message)?.[1];
  if (single !== undefined) {
    const text = `'${single}' must be an aggregate expression or appear in GROUP BY clause`;
    return new QueryError('EXPRESSION_NOT_AGGREGATE', text, placeOfName(sql, single), options);
  }
  const [first = ''] = message.split('\n');
  const text = first.replace(/^\w+( \w+)* Error: /, '').replaceAll('athena_', '');
  if (/^Binder Error/.test(message)) {
    const isType = /types|cast|argument|compare/i.test(first);
    return new QueryError(isType ? 'TYPE_MISMATCH' : 'SYNTAX_ERROR', text, undefined, options);
  }
  const outside = /^Conversion Error.*with value (\S+) can't be cast because.*destination type (\w+)/.exec(first);
  if (outside !== null) {
    const type = TYPES[outside[2] ?? ''] ?? outside[2];
    return new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', `Out of range for ${type}: ${outside[1]}`, undefined, options);
  }
  const overflow = /Overflow in (\w+) of (INT\d+) \((.+)\)!/.exec(first);
  if (overflow !== null) {
    const reason = `${TYPES[overflow[2] ?? ''] ?? overflow[2]} ${overflow[1]} overflow: ${overflow[3]}`;
    return new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', reason, undefined, options);
  }
  if (/invalid perl operator/.test(first)) {
    const reason = `the regular expression is not supported by the local Athena: ${text}`;
    return new QueryError('NOT_SUPPORTED', reason, undefined, options);
  }
  if (/^Conversion Error/.test(message)) return new QueryError('INVALID_CAST_ARGUMENT', text, undefined, options);
  if (/^Out of Range Error/.test(message))
    return new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', text, undefined, options);
  if (/^Invalid Input Error/.test(message))
    return new QueryError('INVALID_FUNCTION_ARGUMENT', text, undefined, options);
  if (/^(Parser|Catalog) Error/.test(message)) return new QueryError('SYNTAX_ERROR', text, undefined, options);
  return new QueryError('GENERIC_INTERNAL_ERROR', text, undefined, options);
}
