import { QueryError } from '../sql/query-error.ts';
import { quoted } from '../sql/types.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  long: 'BIGINT',
  float: 'FLOAT',
  real: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  binary: 'BLOB',
};

/**
 * DuckDB's type for a type of the catalog. Throws HIVE_METASTORE_ERROR for text that is no type, NOT_SUPPORTED for one
 * that has no counterpart. https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function hiveType(type: string, column: string): string {
  let rest = type.toLowerCase().replaceAll(/\s+/g, '');
  const fail = (): never => {
    throw new QueryError('HIVE_METASTORE_ERROR', `The type ${type} of the column ${column} cannot be parsed`);
  };
  const takes = (text: string): boolean => {
    if (!rest.startsWith(text)) return false;
    rest = rest.slice(text.length);
    return true;
  };
  const expect = (text: string): void => void (takes(text) || fail());
  const read = (): string => {
    if (takes('array<')) {
      const element = read();
      expect('>');
      return `${element}[]`;
    }
    if (takes('map<')) {
      const key = read();
      expect(',');
      const value = read();
      expect('>');
      return `MAP(${key}, ${value})`;
    }
    if (takes('struct<')) {
      const fields: string[] = [];
      do {
        const [name] = /^[^:,<>]+(?=:)/.exec(rest) ?? fail();
        rest = rest.slice(name.length + 1);
        fields.push(`${quoted(name)} ${read()}`);
      } while (takes(','));
      expect('>');
      return `STRUCT(${fields.join(', ')})`;
    }
    const [found, name = '', precision, scale] = /^([a-z]+)(?:\((\d+)(?:,(\d+))?\))?/.exec(rest) ?? fail();
    rest = rest.slice(found.length);
    if (name === 'decimal') return `DECIMAL(${precision ?? 10},${scale ?? 0})`;
    if (name === 'varchar' || name === 'char') return 'VARCHAR';
    const simple = SIMPLE[name];
    if (simple !== undefined) return simple;
    throw new QueryError(
      'NOT_SUPPORTED',
      `the type ${name} of the column ${column} is not supported by the local Athena`,
    );
  };
  const translated = read();
  return rest === '' ? translated : fail();
}
