import { duckdbTypeOf, HiveTypeError, parseHiveType } from '../../hive-type.ts';
import { QueryError } from '../sql/query-error.ts';

/**
 * DuckDB's type for a type of the catalog. Throws HIVE_METASTORE_ERROR for text that is no type, NOT_SUPPORTED for one
 * that has no counterpart.
 */
export function hiveType(type: string, column: string): string {
  try {
    return duckdbTypeOf(parseHiveType(type));
  } catch (error) {
    if (!(error instanceof HiveTypeError)) throw error;
    const { unsupported } = error;
    if (unsupported === undefined) {
      throw new QueryError('HIVE_METASTORE_ERROR', `The type ${type} of the column ${column} cannot be parsed`);
    }
    const text = `the type ${unsupported} of the column ${column} is not supported by the local Athena`;
    throw new QueryError('NOT_SUPPORTED', text);
  }
}
