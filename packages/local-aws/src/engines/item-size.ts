import { isJsonObject } from '@tweet-pipes/kit/json';

const KIBIBYTE = 1024;

/** Overhead of a list or a map, and of each element in it. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * The size of an item in DynamoDB JSON, which decides its capacity units: names and values in UTF-8, about one byte per
 * two digits of a number.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: unknown): number {
  if (!isJsonObject(item)) return 0;
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value), 0);
}

/** Bytes of one attribute value, `{"S": "…"}`. 0 for any other value. */
export function attributeBytes(value: unknown): number {
  if (!isJsonObject(value)) return 0;
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return numberBytes(String(content));
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'SS':
      return sumBytes(content, (text) => Buffer.byteLength(String(text)));
    case 'NS':
      return sumBytes(content, (text) => numberBytes(String(text)));
    case 'BS':
      return sumBytes(content, (text) => Buffer.byteLength(String(text), 'base64'));
    case 'L':
      return CONTAINER_BYTES + sumBytes(content, (element) => ELEMENT_BYTES + attributeBytes(element));
    case 'M':
      return isJsonObject(content)
        ? CONTAINER_BYTES + itemBytes(content) + Object.keys(content).length * ELEMENT_BYTES
        : CONTAINER_BYTES;
    default:
      return 1; // BOOL and NULL.
  }
}

/** Write units: one per started KB, at least one. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / KIBIBYTE));
}

/** Units of a consistent read: one per started 4 KB, at least one. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (4 * KIBIBYTE)));
}

/** Leading and trailing zeros do not count. Sign and exponent take one byte together. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1;
}

function sumBytes(content: unknown, bytes: (element: unknown) => number): number {
  return Array.isArray(content) ? content.reduce((sum: number, element) => sum + bytes(element), 0) : 0;
}
