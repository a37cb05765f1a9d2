import { isJsonObject, type Json } from '../json.ts';

const KIBIBYTE = 1024;

/**
 * Bytes of an item in DynamoDB's JSON, as it counts them: names and values in UTF-8, a number about a byte for two digits and one more, lists and maps 3 and 1 for each element.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Json | undefined): number {
  if (!isJsonObject(item)) return 0;
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value), 0);
}

/** Bytes of one attribute value, `{"S": "…"}`. What is no attribute value has none. */
export function attributeBytes(value: Json | undefined): number {
  if (!isJsonObject(value)) return 0;
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return Math.ceil(String(content).replace(/[^0-9]/g, '').length / 2) + 1;
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return Array.isArray(content) ? content.reduce<number>((sum, each) => sum + 1 + attributeBytes(each), 3) : 3;
    case 'M':
      return 3 + itemBytes(content) + (isJsonObject(content) ? Object.keys(content).length : 0);
    case 'SS':
      return Array.isArray(content) ? content.reduce<number>((sum, each) => sum + attributeBytes({ S: each }), 0) : 0;
    case 'NS':
      return Array.isArray(content) ? content.reduce<number>((sum, each) => sum + attributeBytes({ N: each }), 0) : 0;
    case 'BS':
      return Array.isArray(content) ? content.reduce<number>((sum, each) => sum + attributeBytes({ B: each }), 0) : 0;
    default:
      return 0;
  }
}

/** A write costs a unit for each started KB of the item, at least one. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / KIBIBYTE));
}

/** A strongly consistent read costs a unit for each started 4 KB, at least one. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (4 * KIBIBYTE)));
}
