import { isJsonObject, type JsonObject, parseJson } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { AwsError } from '../../gateway/aws-error.ts';
import { createInputParser } from '../../gateway/input-parser.ts';
import { malformedPolicy } from '../malformed-policy.ts';

/** The input in its type. Throws AwsError `ValidationError`. */
export const parseInput = createInputParser('ValidationError');

/** The document of a policy from its JSON text. Throws MalformedPolicyDocument. */
export function documentOf(text: string): JsonObject {
  const document = parseJson(text);
  if (!isJsonObject(document)) throw malformedPolicy('its beginning', 'it is not a JSON object.');
  return document;
}

/** A document as IAM answers it: JSON, percent-encoded as in a URL (RFC 3986). */
export function encodedDocument(document: JsonObject): string {
  return encodeURIComponent(JSON.stringify(document));
}

/** Name of a role or policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const iamName = z
  .string()
  .regex(/^[\w+=,.@-]{1,128}$/, 'expected 1 to 128 characters of A-Z a-z 0-9 + = , . @ _ -');

/** Throws NoSuchEntity (404). */
export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { statusCode: 404 });
}

const LIST_LIMIT = 1_000;

/** The members of a list operation. */
export const listInput = {
  MaxItems: z.coerce.number().int().min(1).max(LIST_LIMIT).default(100),
  Marker: z.string().optional(),
};

/** A page of what has a name, in its order. `Marker` is the last name of the page before. */
export function pageOf<T>(
  all: readonly T[],
  nameOf: (each: T) => string,
  { MaxItems, Marker }: { MaxItems: number; Marker?: string | undefined },
): { page: T[]; rest: { IsTruncated: boolean; Marker?: string } } {
  const sorted = all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const after = sorted.filter((each) => Marker === undefined || nameOf(each) > Marker);
  const page = after.slice(0, MaxItems);
  const last = page.at(-1);
  const isTruncated = after.length > page.length && last !== undefined;
  return { page, rest: isTruncated ? { IsTruncated: true, Marker: nameOf(last) } : { IsTruncated: false } };
}
