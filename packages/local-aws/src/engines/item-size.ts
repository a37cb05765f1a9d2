import { isJsonObject } from '@tweet-pipes/kit/json';

const KIBIBYTE = 1024;

/** What a list or a map takes beside its elements, and what each element takes beside itself. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * The size of a DynamoDB item in DynamoDB JSON, by which its units are counted: names and values in UTF-8, a number
 * about a byte for two digits.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: unknown): number {
  if (!isJsonObject(item)) return 0;
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value), 0);
}

/** Bytes of one attribute value, `{"S": "…"}`; 0 for what is none. */
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

/** A write takes a unit for each KB begun, at least one. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / KIBIBYTE));
}

/** A consistent read takes a unit for each 4 KB begun, at least one. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / (4 * KIBIBYTE)));
}

/** Leading and trailing zeros are not kept; the sign and the exponent take a byte together. */
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
