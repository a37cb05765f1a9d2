import type { HiveType, SimpleName } from '../../hive-type.ts';
import { documentsOf, isObject, type JsonValue, jsonText, NumberText, parseJson } from './json-documents.ts';
import { timestampText } from './timestamp-text.ts';

/** A column of the Glue table that gives the schema. */
export interface SchemaColumn {
  name: string;
  type: HiveType;
}

/** Which SerDe reads records, and whether it ignores the case of keys. */
export interface SerDe {
  kind: 'openx' | 'hive';
  ignoresCase: boolean;
}

/** Why a record cannot be converted, in AWS's words. */
export interface ConversionFailure {
  errorCode: string;
  errorMessage: string;
}

/** A value that does not fit its column. */
class Misfit extends Error {
  override readonly name = 'Misfit';
}

const WHOLE: Partial<Record<SimpleName, bigint>> = { tinyint: 7n, smallint: 15n, int: 31n, bigint: 63n };

/**
 * The rows of a record as lines of JSON, with values in the form that DuckDB reads as the types of the columns. Members
 * that are no columns are left out. A record with a document that does not fit has none.
 * https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 */
export function convertRecord(
  text: string,
  columns: readonly SchemaColumn[],
  serde: SerDe,
): { rows: string[] } | ConversionFailure {
  const documents = documentsOf(text);
  if (documents.length === 0) return malformed('The record was empty or contained only whitespace.');
  const type: HiveType = { kind: 'struct', fields: columns.map(({ name, type: column }) => [name, column]) };
  const rows: string[] = [];
  for (const document of documents) {
    let value: JsonValue;
    try {
      value = parseJson(document);
    } catch {
      // The message of the parser may hold the record.
      return { errorCode: 'DataFormatConversion.ParseError', errorMessage: 'Encountered malformed JSON.' };
    }
    if (Array.isArray(value)) return malformed('Data does not match the schema. The top level must be an object.');
    if (!isObject(value)) {
      return malformed(
        'The input JSON contained a primitive at the top level. The top level must be an object or array.',
      );
    }
    try {
      rows.push(converted(value, type, serde));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      return malformed(`Data does not match the schema. ${error.message}`);
    }
  }
  return { rows };
}

function malformed(errorMessage: string): ConversionFailure {
  return { errorCode: 'DataFormatConversion.MalformedData', errorMessage };
}

function converted(value: JsonValue, type: HiveType, serde: SerDe): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'simple':
      return simple(value, type.name, serde);
    case 'decimal':
      return decimal(numberOf(value, serde), type);
    case 'array': {
      // OpenX takes a single value for a list of it.
      const list = Array.isArray(value) ? value : [value];
      if (!Array.isArray(value) && serde.kind === 'hive')
        throw new Misfit('java.io.IOException: Start of Array expected');
      return `[${list.map((each) => converted(each, type.element, serde)).join(',')}]`;
    }
    case 'map': {
      const entries = Object.entries(objectOf(value, serde));
      return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${converted(each, type.value, serde)}`).join(',')}}`;
    }
    case 'struct': {
      const members = Object.entries(objectOf(value, serde));
      const byName = new Map(members.map(([key, each]) => [serde.ignoresCase ? key.toLowerCase() : key, each]));
      const fields = type.fields.flatMap(([name, field]) => {
        const member = byName.get(name);
        return member === undefined ? [] : [`${JSON.stringify(name)}:${converted(member, field, serde)}`];
      });
      return `{${fields.join(',')}}`;
    }
  }
}

function objectOf(value: JsonValue, { kind }: SerDe): { readonly [key: string]: JsonValue } {
  if (isObject(value)) return value;
  throw new Misfit(kind === 'hive' ? 'java.io.IOException: Start of Object expected' : 'Data is not JSONObject');
}

function simple(value: JsonValue, name: SimpleName, serde: SerDe): string {
  switch (name) {
    case 'string':
      return JSON.stringify(textOf(value, serde));
    case 'boolean': {
      const text = typeof value === 'string' && serde.kind === 'openx' ? value.toLowerCase() : String(value);
      if (text === 'true' || text === 'false') return text;
      throw new Misfit('A boolean is expected.');
    }
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint': {
      const text = numberOf(value, serde);
      const bits = WHOLE[name] ?? 63n;
      const number = /^[+-]?\d{1,25}$/.test(text) ? BigInt(text) : misfit(text);
      return number >= -(2n ** bits) && number < 2n ** bits ? String(number) : misfit(text);
    }
    case 'float':
    case 'double': {
      const text = numberOf(value, serde);
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? String(Number(text)) : misfit(text);
    }
    case 'date': {
      const text = typeof value === 'string' ? value : '';
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && timestampText(`${text} 00:00:00`) !== undefined
        ? JSON.stringify(text)
        : misfit(text);
    }
    case 'timestamp': {
      const source = value instanceof NumberText ? value.source : value;
      const text = typeof source === 'string' ? timestampText(source) : undefined;
      return text === undefined ? misfit(typeof source === 'string' ? source : 'timestamp') : JSON.stringify(text);
    }
    case 'binary':
      throw new Misfit('The type binary is not supported by the local Firehose.');
  }
}

function decimal(text: string, { precision, scale }: { precision: number; scale: number }): string {
  const [, whole = '', fraction = ''] = /^[+-]?(\d*)\.?(\d*)$/.exec(text) ?? misfit(text);
  if (whole === '' && fraction === '') return misfit(text);
  if (whole.replace(/^0+/, '').length > precision - scale) return misfit(text);
  return JSON.stringify(text);
}

/** A number's text. OpenX takes a text for it too. */
function numberOf(value: JsonValue, { kind }: SerDe): string {
  if (value instanceof NumberText) return value.source;
  if (typeof value !== 'string') throw new Misfit('A number is expected.');
  if (kind === 'openx') return value;
  throw new Misfit('Current token (VALUE_STRING) not numeric, can not use numeric value accessors');
}

function textOf(value: JsonValue, { kind, ignoresCase }: SerDe): string {
  if (typeof value === 'string') return value;
  if (value instanceof NumberText) return value.source;
  if (typeof value === 'object' && kind === 'hive') {
    throw new Misfit('One or more fields have incorrect format. Exception when validating field (root)');
  }
  return jsonText(value, (key) => (ignoresCase ? key.toLowerCase() : key));
}

function misfit(text: string): never {
  throw new Misfit(`For input string: ${JSON.stringify(text.slice(0, 100))}`);
}
