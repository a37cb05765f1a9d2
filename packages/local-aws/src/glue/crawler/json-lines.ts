import { isJsonObject } from '@tweet-pipes/kit/json';
import { type Columns, type ColumnType, mergeColumns, mergeTypes, typeOfJson } from './column-type.ts';

/** The columns of lines of JSON objects. Undefined for lines of anything else. Names are in lower case, as in Glue. */
export function jsonColumns(lines: readonly string[]): Columns | undefined {
  let columns: Columns = new Map();
  for (const line of lines) {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      return undefined;
    }
    if (!isJsonObject(row)) return undefined;
    const types = new Map<string, ColumnType>();
    for (const [key, value] of Object.entries(row)) {
      const name = key.toLowerCase();
      types.set(name, mergeTypes(types.get(name) ?? { kind: 'null' }, typeOfJson(value)));
    }
    columns = mergeColumns(columns, types);
  }
  return columns.size === 0 ? undefined : columns;
}
