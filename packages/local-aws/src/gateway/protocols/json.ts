import { isJsonObject } from '@tweet-pipes/kit/json';
import { parseBoundedJson } from '../../bounded-json.ts';
import { AwsError } from '../aws-error.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

/** The versions differ in their content type only. */
export type JsonVersion = '1.0' | '1.1';

/**
 * The operation in `X-Amz-Target: <prefix>.<Operation>`. Throws `UnknownOperationException` when it is missing or of
 * another service.
 */
export function targetOperation(request: WireRequest, targetPrefixes: readonly string[]): string {
  const target = request.headers['x-amz-target'];
  if (target === undefined) {
    throw new AwsError(
      'UnknownOperationException',
      `X-Amz-Target is missing; this service expects ${targetPrefixes.join(' or ')} and an operation in it.`,
    );
  }
  const dot = target.lastIndexOf('.');
  const [prefix, operation] = [target.slice(0, dot), target.slice(dot + 1)];
  if (!targetPrefixes.includes(prefix) || operation === '') {
    throw new AwsError(
      'UnknownOperationException',
      `X-Amz-Target ${target} is not one of ${targetPrefixes.join(', ')}.`,
    );
  }
  return operation;
}

/**
 * Parses a body as a JSON object. An empty body is an empty object, as the SDKs send it for no input. Throws
 * `SerializationException`.
 */
export function parseJsonObject(body: Buffer): Record<string, unknown> {
  const peeked = peekedObjects.get(body);
  peekedObjects.delete(body); // A handler may change what it gets.
  return peeked ?? parseObject(body);
}

const peekedObjects = new WeakMap<Buffer, Record<string, unknown>>();

/**
 * The object that {@link parseJsonObject} will return for this body, so that a large one is parsed once. Not to be
 * changed. Undefined for a body that is none, which the service then refuses.
 */
export function peekJsonObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const object = peekedObjects.get(body) ?? parseObject(body);
    peekedObjects.set(body, object);
    return object;
  } catch {
    return undefined;
  }
}

function parseObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = parseBoundedJson(body.toString('utf8'));
  } catch (cause) {
    throw new AwsError('SerializationException', 'The request body is not JSON, or nested too deep.', { cause });
  }
  if (!isJsonObject(parsed)) throw new AwsError('SerializationException', 'The request body is not a JSON object.');
  return parsed;
}

/**
 * Serializes an output: blobs in base64, timestamps in epoch seconds with milliseconds, a `Map` as an object, absent
 * members absent.
 */
export function stringifyOutput(output: object): string {
  return JSON.stringify(toJson(output));
}

export function jsonResponse(version: JsonVersion, requestId: string, body: string): WireResponse {
  return {
    statusCode: 200,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId },
    body: Buffer.from(body),
  };
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html: the code in `__type`, the text in `message`. */
export function jsonError(version: JsonVersion, error: AwsError, requestId: string): WireResponse {
  return {
    statusCode: error.statusCode,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.name,
    },
    body: Buffer.from(JSON.stringify({ __type: error.name, message: error.message })),
  };
}

function toJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Map) return toJson(Object.fromEntries(value));
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
}
