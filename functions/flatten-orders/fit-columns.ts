import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/** The columns of the table that do not take every value. All others are texts, and hold JSON as well. */
export type ColumnTypes = ReadonlyMap<string, 'bigint' | 'boolean'>;

/**
 * The row with only those values that the table's columns take: one other value would fail every query that reads it.
 * The others are in the column `misfits`, a JSON object by column as text.
 */
export function fitColumns(row: JsonObject, types: ColumnTypes): JsonObject {
  const columns = Object.entries(row);
  const misfits = columns.filter(([name, value]) => !fits(value, types.get(name)));
  if (misfits.length === 0) return row;
  const names = new Set(misfits.map(([name]) => name));
  return {
    ...Object.fromEntries(columns.filter(([name]) => !names.has(name))),
    misfits: JSON.stringify(Object.fromEntries(misfits)),
  };
}

function fits(value: Json | undefined, type: 'bigint' | 'boolean' | undefined): boolean {
  if (type === undefined || value === null || value === undefined) return true;
  return type === 'boolean' ? typeof value === 'boolean' : isBigint(value);
}

/** A whole number of 64 bits; as text if no double is exact. */
function isBigint(value: Json): boolean {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!/^-?\d{1,19}$/.test(text)) return false;
  const whole = BigInt(text);
  return BigInt.asIntN(64, whole) === whole;
}
