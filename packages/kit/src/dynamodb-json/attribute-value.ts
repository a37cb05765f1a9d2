import * as z from 'zod';
import { isJsonObject, type Json } from '../json.ts';
import { columnName } from './column-name.ts';
import { Columns } from './columns.ts';
import { exactNumber } from './exact-number.ts';

/**
 * A map of attributes in DynamoDB JSON; the values are read when they are flattened. Not z.record, which loses the key
 * `__proto__`.
 */
export const attributeMap = z.custom<Readonly<Record<string, unknown>>>(isJsonObject, 'it must be a map');

const texts = z.array(z.string());

/**
 * Puts an attribute into columns: a map becomes one column per leaf, named by the path with `_` between the parts,
 * everything else one column. An empty map is a leaf, `{}`. A map in DynamoDB has no order, so its attributes are
 * sorted by name: the same item always gives the same columns. Throws when `value` is no attribute value.
 */
export function flatten(columns: Columns, name: string, value: unknown): void {
  const [type, content] = typed(value);
  const attributes = type === 'M' ? sorted(attributeMap.parse(content)) : [];
  if (attributes.length === 0) columns.add(name, plain(value));
  for (const [attribute, child] of attributes) flatten(columns, `${name}_${columnName(attribute)}`, child);
}

/** Attributes by name, in code unit order. */
export function sorted(attributes: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * A value as JSON: binary stays base64 text, sets are arrays in the order given, a map inside a list is a flat object
 * of its own. Throws when `value` is no attribute value.
 */
function plain(value: unknown): Json {
  const [type, content] = typed(value);
  switch (type) {
    case 'S':
    case 'B':
      return z.string().parse(content);
    case 'N':
      return exactNumber(z.string().parse(content));
    case 'BOOL':
      return z.boolean().parse(content);
    case 'NULL':
      return null;
    case 'SS':
    case 'BS':
      return texts.parse(content);
    case 'NS':
      return texts.parse(content).map(exactNumber);
    case 'L':
      return z.array(z.unknown()).parse(content).map(plain);
    case 'M': {
      const columns = new Columns();
      for (const [attribute, child] of sorted(attributeMap.parse(content)))
        flatten(columns, columnName(attribute), child);
      return columns.toRow();
    }
    default:
      throw new TypeError('it has a type that DynamoDB does not know');
  }
}

function typed(value: unknown): [type: string, content: unknown] {
  const types = Object.entries(attributeMap.parse(value));
  const [only] = types;
  if (only === undefined || types.length > 1) throw new TypeError(`it must have one type, but has ${types.length}`);
  return only;
}
