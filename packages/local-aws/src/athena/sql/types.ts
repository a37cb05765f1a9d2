import { isJsonObject } from '@tweet-pipes/kit/json';
import { QueryError } from './query-error.ts';
import { listOf, nameOf } from './syntax-tree.ts';

/** DuckDB's type for a type in a query. Throws NOT_SUPPORTED with the name of one that has none. */
export function duckdbType(type: unknown): string {
  if (!isJsonObject(type)) throw unsupported(String(type));
  const name = String(type.data_type);
  switch (name) {
    case 'boolean':
      return 'BOOLEAN';
    case 'tiny_int':
      return 'TINYINT';
    case 'small_int':
      return 'SMALLINT';
    case 'int':
      return 'INTEGER';
    case 'big_int':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'float':
      return 'FLOAT';
    case 'decimal':
      return `DECIMAL(${type.precision ?? 38},${type.scale ?? 0})`;
    case 'var_char':
    case 'char':
    case 'text':
    case 'string':
      return 'VARCHAR';
    case 'var_binary':
    case 'binary':
      return 'BLOB';
    case 'json':
      return 'JSON';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timestamp':
      return type.timezone === true ? 'TIMESTAMPTZ' : 'TIMESTAMP';
    case 'array':
      return `${duckdbType(type.element_type)}[]`;
    case 'map':
      return `MAP(${duckdbType(type.key_type)}, ${duckdbType(type.value_type)})`;
    case 'struct':
      return `STRUCT(${listOf(type.fields)
        .map((field) => {
          const { name: fieldName, data_type } = isJsonObject(field) ? field : {};
          const text = typeof fieldName === 'string' ? fieldName : nameOf(fieldName);
          if (text === undefined || text === '') throw unsupported('a row without names of its fields');
          return `${quoted(text)} ${duckdbType(data_type)}`;
        })
        .join(', ')})`;
    default:
      throw unsupported(typeof type.name === 'string' ? type.name : name);
  }
}

/** A name in double quotes, as SQL has it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in single quotes, as SQL has it. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function unsupported(name: string): QueryError {
  return new QueryError('NOT_SUPPORTED', `the type ${name} is not supported by the local Athena`);
}
