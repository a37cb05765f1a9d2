/** Trino's and Athena's names of what a query did wrong. */
export type QueryErrorName =
  | 'SYNTAX_ERROR'
  | 'NOT_SUPPORTED'
  | 'TABLE_NOT_FOUND'
  | 'SCHEMA_NOT_FOUND'
  | 'COLUMN_NOT_FOUND'
  | 'FUNCTION_NOT_FOUND'
  | 'TYPE_MISMATCH'
  | 'EXPRESSION_NOT_AGGREGATE'
  | 'DIVISION_BY_ZERO'
  | 'INVALID_CAST_ARGUMENT'
  | 'INVALID_FUNCTION_ARGUMENT'
  | 'NUMERIC_VALUE_OUT_OF_RANGE'
  | 'CONSTRAINT_VIOLATION'
  | 'HIVE_BAD_DATA'
  | 'HIVE_METASTORE_ERROR'
  | 'HIVE_INVALID_PARTITION_VALUE'
  | 'HIVE_CURSOR_ERROR'
  | 'EXCEEDED_MEMORY_LIMIT'
  | 'EXCEEDED_TIME_LIMIT'
  | 'INVALID_VIEW'
  | 'GENERIC_USER_ERROR'
  | 'GENERIC_INTERNAL_ERROR';

/** A place in the text of a query. Both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/**
 * A query cannot be run. The message is the StateChangeReason as Athena words it: `NAME: line 1:8: text`.
 * `NOT_SUPPORTED` is what Athena does and the local one does not.
 */
export class QueryError extends Error {
  override readonly name: QueryErrorName;

  constructor(name: QueryErrorName, text: string, place?: Place, options?: ErrorOptions) {
    super(`${name}: ${place === undefined ? '' : `line ${place.line}:${place.column}: `}${text}`, options);
    this.name = name;
  }
}
