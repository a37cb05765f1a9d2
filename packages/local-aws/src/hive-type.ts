/** Simple types of Hive's that are known, with DuckDB's names. */
const SIMPLE = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  binary: 'BLOB',
} as const;
const ALIASES: Readonly<Record<string, SimpleName>> = {
  integer: 'int',
  long: 'bigint',
  real: 'float',
  varchar: 'string',
  char: 'string',
};
export type SimpleName = keyof typeof SIMPLE;

/** A type of the catalog. https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
export type HiveType =
  | { kind: 'simple'; name: SimpleName }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'array'; element: HiveType }
  | { kind: 'map'; key: HiveType; value: HiveType }
  | { kind: 'struct'; fields: readonly (readonly [name: string, type: HiveType])[] };

/** A text that is no type, or one that is not supported. */
export class HiveTypeError extends Error {
  override readonly name = 'HiveTypeError';
  /** The name of a type that is not supported. Undefined for a text that is no type. */
  readonly unsupported: string | undefined;

  constructor(text: string, unsupported?: string) {
    super(unsupported === undefined ? `${text} is no type` : `the type ${unsupported} is not supported`);
    this.unsupported = unsupported;
  }
}

/** Reads a type. Names of fields are in lower case, as in the catalog. Throws HiveTypeError. */
export function parseHiveType(text: string): HiveType {
  let rest = text.toLowerCase().replaceAll(/\s+/g, '');
  const fail = (): never => {
    throw new HiveTypeError(text);
  };
  const takes = (sign: string): boolean => {
    if (!rest.startsWith(sign)) return false;
    rest = rest.slice(sign.length);
    return true;
  };
  const expect = (sign: string): void => void (takes(sign) || fail());
  const read = (): HiveType => {
    if (takes('array<')) {
      const element = read();
      expect('>');
      return { kind: 'array', element };
    }
    if (takes('map<')) {
      const key = read();
      expect(',');
      const value = read();
      expect('>');
      return { kind: 'map', key, value };
    }
    if (takes('struct<')) {
      const fields: [string, HiveType][] = [];
      do {
        const [name] = /^[^:,<>]+(?=:)/.exec(rest) ?? fail();
        rest = rest.slice(name.length + 1);
        fields.push([name, read()]);
      } while (takes(','));
      expect('>');
      return { kind: 'struct', fields };
    }
    const [found, word = '', precision = '10', scale = '0'] = /^([a-z]+)(?:\((\d+)(?:,(\d+))?\))?/.exec(rest) ?? fail();
    rest = rest.slice(found.length);
    if (word === 'decimal') return { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
    const name = ALIASES[word] ?? word;
    if (isSimple(name)) return { kind: 'simple', name };
    throw new HiveTypeError(text, word);
  };
  const type = read();
  return rest === '' ? type : fail();
}

/** DuckDB's name of a type. */
export function duckdbTypeOf(type: HiveType): string {
  switch (type.kind) {
    case 'simple':
      return SIMPLE[type.name];
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `${duckdbTypeOf(type.element)}[]`;
    case 'map':
      return `MAP(${duckdbTypeOf(type.key)}, ${duckdbTypeOf(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map(([name, field]) => `"${name.replaceAll('"', '""')}" ${duckdbTypeOf(field)}`).join(', ')})`;
  }
}

function isSimple(name: string): name is SimpleName {
  return Object.hasOwn(SIMPLE, name);
}
