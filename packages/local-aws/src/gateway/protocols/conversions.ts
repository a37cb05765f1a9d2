import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../aws-error.ts';

/**
 * The input members of an operation that JSON cannot represent, by path: `Records[].Data` is the member `Data` of each
 * element of the list `Records`. Outputs need no such table: their types are known at run time.
 */
export interface InputConversions {
  /** Base64 on the wire, `Uint8Array` inside. */
  readonly blobs?: readonly string[];
  /** Epoch seconds (or an ISO 8601 string, which the SDKs accept too) on the wire, `Date` inside. */
  readonly timestamps?: readonly string[];
}

/**
 * Converts the members in place. Throws `SerializationException` that names a member which is not base64 or not a time.
 */
export function convertInput(input: Record<string, unknown>, conversions: InputConversions | undefined): void {
  for (const path of conversions?.blobs ?? []) convertAt(input, path.split('.'), (value) => toBlob(value, path));
  for (const path of conversions?.timestamps ?? []) convertAt(input, path.split('.'), (value) => toDate(value, path));
}

function convertAt(value: unknown, path: readonly string[], convert: (value: unknown) => unknown): void {
  const [step, ...rest] = path;
  if (step === undefined || !isJsonObject(value)) return;
  const name = step.replace('[]', '');
  const member: unknown = value[name];
  if (member === undefined || member === null) return;
  if (step.endsWith('[]')) {
    // Anything but a list stays as it is. The operation's schema rejects it.
    if (Array.isArray(member)) for (const element of member) convertAt(element, rest, convert);
  } else if (rest.length > 0) convertAt(member, rest, convert);
  else Object.assign(value, { [name]: convert(member) });
}

function toBlob(value: unknown, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  if (bytes === undefined) throw new AwsError('SerializationException', `${path} must be a base64 string.`);
  return bytes;
}

/**
 * Undefined for a text that is not base64. A regular expression over the code of a function takes fifty times as long.
 */
function fromBase64(text: string): Buffer | undefined {
  // Node takes base64url too, and leaves out every other character, so that bytes are missing then.
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return bytes.length === (text.length / 4) * 3 - padding ? bytes : undefined;
}

function toDate(value: unknown, path: string): Date {
  const date = typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) {
    throw new AwsError('SerializationException', `${path} must be a time in epoch seconds.`);
  }
  return date;
}
