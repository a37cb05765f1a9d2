/** The type of a column as a crawler sees it in values: what is not known yet, one of Hive's types, a list or a row. */
export type ColumnType =
  | { kind: 'null' }
  | { kind: 'scalar'; name: string }
  | { kind: 'array'; element: ColumnType }
  | { kind: 'map'; key: ColumnType; value: ColumnType }
  | { kind: 'struct'; fields: ReadonlyMap<string, ColumnType> };

/** Columns by name, in lower case, in the order of the files. */
export type Columns = ReadonlyMap<string, ColumnType>;

/** Numbers, each of which holds those before it. */
const NUMBERS = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'];
const unknown: ColumnType = { kind: 'null' };

export function scalar(name: string): ColumnType {
  return { kind: 'scalar', name };
}

/** A type that holds the values of both. A text holds everything. */
export function mergeTypes(a: ColumnType, b: ColumnType): ColumnType {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'array' && b.kind === 'array') return { kind: 'array', element: mergeTypes(a.element, b.element) };
  if (a.kind === 'map' && b.kind === 'map') {
    return { kind: 'map', key: mergeTypes(a.key, b.key), value: mergeTypes(a.value, b.value) };
  }
  if (a.kind === 'struct' && b.kind === 'struct') return { kind: 'struct', fields: mergeColumns(a.fields, b.fields) };
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    if (a.name === b.name) return a;
    const ranks = [NUMBERS.indexOf(a.name), NUMBERS.indexOf(b.name)];
    if (!ranks.includes(-1)) return scalar(NUMBERS[Math.max(...ranks)] ?? 'double');
  }
  return scalar('string');
}

/** The columns of both, those of the first in front. */
export function mergeColumns(a: Columns, b: Columns): Columns {
  const merged = new Map(a);
  for (const [name, type] of b) merged.set(name, mergeTypes(merged.get(name) ?? unknown, type));
  return merged;
}

/** The type of a value of JSON. Whole numbers are int or bigint by their size. */
export function typeOfJson(value: unknown): ColumnType {
  switch (typeof value) {
    case 'boolean':
      return scalar('boolean');
    case 'number':
      if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63) return scalar('double');
      return scalar(value >= -(2 ** 31) && value < 2 ** 31 ? 'int' : 'bigint');
    case 'string':
      return scalar('string');
    default:
      if (value === null || typeof value !== 'object') return unknown;
      if (Array.isArray(value)) return { kind: 'array', element: value.map(typeOfJson).reduce(mergeTypes, unknown) };
      return {
        kind: 'struct',
        fields: new Map(Object.entries(value).map(([name, member]) => [name, typeOfJson(member)])),
      };
  }
}

/** The type in Hive's words. What no value told is a string. */
export function hiveText(type: ColumnType): string {
  switch (type.kind) {
    case 'null':
      return 'string';
    case 'scalar':
      return type.name;
    case 'array':
      return `array<${hiveText(type.element)}>`;
    case 'map':
      return `map<${hiveText(type.key)},${hiveText(type.value)}>`;
    case 'struct':
      if (type.fields.size === 0) return 'string';
      return `struct<${[...type.fields].map(([name, field]) => `${name}:${hiveText(field)}`).join(',')}>`;
  }
}
