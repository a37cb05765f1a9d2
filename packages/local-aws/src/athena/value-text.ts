import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';

const MICROS_PER_MS = 1000n;
const MICROS_PER_DAY = 86_400_000_000n;

/**
 * A value of DuckDB as Athena prints it in a result; undefined for NULL. Times have milliseconds, doubles Java's form,
 * lists `[a, b]`, maps and rows `{a=1}`.
 */
export function valueText(value: DuckDBValue, type: DuckDBType): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'string') return String(value);
  if (typeof value === 'number') {
    if (type.typeId === DuckDBTypeId.DOUBLE) return javaDouble(value, String(value));
    return type.typeId === DuckDBTypeId.FLOAT ? javaDouble(value, shortestFloat(value)) : String(value);
  }
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return timestampText(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${timestampText(value.micros)} UTC`;
  if (value instanceof DuckDBTimeValue) return timestampText(value.micros).slice(11);
  if (value instanceof DuckDBIntervalValue) return intervalText(value);
  if (value instanceof DuckDBBlobValue) {
    return [...value.bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  }
  if (value instanceof DuckDBListValue) {
    const element = 'valueType' in type ? type.valueType : type;
    return `[${value.items.map((item) => nested(item, element)).join(', ')}]`;
  }
  if (value instanceof DuckDBMapValue) {
    const [keyType, valueType] =
      'keyType' in type && 'valueType' in type ? [type.keyType, type.valueType] : [type, type];
    return `{${value.entries.map((entry) => `${nested(entry.key, keyType)}=${nested(entry.value, valueType)}`).join(', ')}}`;
  }
  if (value instanceof DuckDBStructValue) {
    const types = 'entryTypes' in type ? type.entryTypes : [];
    const entries = Object.entries(value.entries);
    return `{${entries.map(([name, each], index) => `${name === '' ? `field${index}` : name}=${nested(each, types[index] ?? type)}`).join(', ')}}`;
  }
  return value.toString();
}

function nested(value: DuckDBValue, type: DuckDBType): string {
  return valueText(value, type) ?? 'null';
}

function timestampText(micros: bigint): string {
  const floor = micros >= 0n ? micros / MICROS_PER_MS : (micros - MICROS_PER_MS + 1n) / MICROS_PER_MS;
  return new Date(Number(floor)).toISOString().replace('T', ' ').replace('Z', '');
}

/** `1 02:00:00.000` of days and times, `1-2` of years and months. */
function intervalText({ months, days, micros }: DuckDBIntervalValue): string {
  if (months !== 0 && days === 0 && micros === 0n) {
    const size = Math.abs(months);
    return `${months < 0 ? '-' : ''}${Math.trunc(size / 12)}-${size % 12}`;
  }
  const total = BigInt(days) * MICROS_PER_DAY + micros;
  const size = total < 0n ? -total : total;
  return `${total < 0n ? '-' : ''}${size / MICROS_PER_DAY} ${timestampText(size % MICROS_PER_DAY).slice(11)}`;
}

/** The shortest digits that give the same 32-bit float. */
function shortestFloat(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

/** Java's text of a double, from the shortest digits. */
function javaDouble(value: number, shortest: string): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return shortest.includes('.') ? shortest : `${shortest}.0`;
  const [digits = '', exponent = ''] = Number(shortest).toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}
