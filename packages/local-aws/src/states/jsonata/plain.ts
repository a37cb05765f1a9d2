import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { rememberBytes, rememberedBytes, scalarBytes, stringBytes } from '../payload-size.ts';
import { BoundExceeded } from './bounds.ts';

/** Thrown for a result that holds a function: JSON cannot. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

/**
 * A JSONata result as JSON. The library marks arrays that it creates (`sequence`, `cons`), and a marked array behaves
 * differently in later expressions. AWS passes JSON between states, so marked arrays are replaced by plain copies.
 * Values without marks are not copied. A number that is not finite is the text that JavaScript has for it, as on AWS
 * (floci-io/floci#2736). Also measures the value's size. Throws {@link NotJson}, and {@link BoundExceeded} above
 * `maxBytes`: an array that occurs twice within itself, many times over, is small in memory and endless as JSON.
 */
export function toPlainJson(value: unknown, maxBytes: number): Json {
  return visit(value, maxBytes).plain;
}

interface Visited {
  plain: Json;
  bytes: number;
}

function visit(value: unknown, maxBytes: number): Visited {
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return { plain: value, bytes: scalarBytes(value) };
  if (typeof value === 'number') {
    const plain = Number.isFinite(value) ? value : String(value);
    return { plain, bytes: scalarBytes(plain) };
  }
  if (typeof value !== 'object' || isJsonataFunction(value)) throw new NotJson();
  const bytes = rememberedBytes(value);
  // Only plain values are measured, so a value with a remembered size is plain.
  if (bytes !== undefined) return { plain: value as Json, bytes };
  return Array.isArray(value) ? visitArray(value, maxBytes) : visitObject(value as Record<string, unknown>, maxBytes);
}

function visitArray(array: unknown[], maxBytes: number): Visited {
  let bytes = 2 + Math.max(0, array.length - 1);
  let copy: Json[] | undefined = isMarked(array) ? [] : undefined;
  for (let index = 0; index < array.length; index += 1) {
    const item = array[index];
    const visited = visit(item, maxBytes);
    bytes += visited.bytes;
    if (bytes > maxBytes) throw new BoundExceeded('memoryBytes');
    if (copy === undefined && visited.plain !== item) copy = array.slice(0, index) as Json[];
    copy?.push(visited.plain);
  }
  const plain = copy ?? (array as Json[]);
  rememberBytes(plain, bytes);
  return { plain, bytes };
}

function visitObject(object: Record<string, unknown>, maxBytes: number): Visited {
  let bytes = 2;
  let members = 0;
  let copy: JsonObject | undefined;
  for (const key of Object.keys(object)) {
    const member = object[key];
    if (member === undefined) continue;
    const visited = visit(member, maxBytes);
    bytes += stringBytes(key) + 1 + visited.bytes;
    if (bytes > maxBytes) throw new BoundExceeded('memoryBytes');
    members += 1;
    if (visited.plain !== member) {
      copy ??= { ...object } as JsonObject;
      copy[key] = visited.plain;
    }
  }
  bytes += Math.max(0, members - 1);
  const plain = copy ?? (object as JsonObject);
  rememberBytes(plain, bytes);
  return { plain, bytes };
}

/** The library marks arrays by these properties. */
function isMarked(array: unknown[]): boolean {
  return Object.hasOwn(array, 'sequence') || Object.hasOwn(array, 'cons') || Object.hasOwn(array, 'keepSingleton');
}

/** Data may have members of the same names, so the JavaScript functions inside are checked too. */
function isJsonataFunction(value: object): boolean {
  if ('_jsonata_function' in value) return 'implementation' in value && typeof value.implementation === 'function';
  if (!('_jsonata_lambda' in value) || !('environment' in value)) return false;
  const environment = value.environment;
  return (
    typeof environment === 'object' &&
    environment !== null &&
    'lookup' in environment &&
    typeof environment.lookup === 'function'
  );
}
