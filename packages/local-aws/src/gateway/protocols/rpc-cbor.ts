import { cbor, tag, tagSymbol } from '@smithy/core/cbor';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../aws-error.ts';
import { unsupportedOperation } from '../errors.ts';
import type { LocalService } from '../local-service.ts';
import type { WireRequest, WireResponse, WireService } from '../wire.ts';

/** The tag of a time in seconds, RFC 8949. */
const EPOCH_TAG = 1;
const HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
const path = /^\/service\/([^/]+)\/operation\/([^/?]+)/;

/** Whether a request is in Smithy's RPC protocol with CBOR bodies. */
export function isRpcCbor({ headers }: WireRequest): boolean {
  return headers['smithy-protocol'] === 'rpc-v2-cbor';
}

/**
 * Serves a local service over Smithy RPC v2 CBOR, which newer clients of CloudWatch send.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function rpcCborService(service: LocalService): WireService {
  return {
    signingName: service.signingName,
    targetPrefixes: [],
    operation(request) {
      const operation = path.exec(request.url)?.[2];
      if (operation !== undefined) return operation;
      throw new AwsError('UnknownOperationException', `The path ${request.url} names no operation.`);
    },
    async handle({ operation, request, context }) {
      const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
      if (run === undefined) throw unsupportedOperation(service.signingName, operation);
      return answer(200, await run(parseCbor(request.body), context), context.requestId);
    },
    fail: (error, _request, requestId) =>
      answer(error.statusCode, { __type: error.name, message: error.message }, requestId),
  };
}

function answer(statusCode: number, members: object, requestId: string): WireResponse {
  // The library reuses its buffer.
  const body = Buffer.from(cbor.serialize(toCbor(members)));
  return { statusCode, headers: { ...HEADERS, 'x-amzn-requestid': requestId }, body };
}

/** The members of a body in CBOR. Throws `SerializationException`. */
export function parseCbor(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const members = fromCbor(cbor.deserialize(body));
    if (isJsonObject(members)) return members;
  } catch (cause) {
    throw new AwsError('SerializationException', 'The request body is not CBOR.', { cause });
  }
  throw new AwsError('SerializationException', 'The request body is not a map of CBOR.');
}

function fromCbor(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(fromCbor);
  if (typeof value !== 'object' || value === null) return value;
  if (tagSymbol in value && 'value' in value) return new Date(Number(value.value) * 1000);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, fromCbor(member)]])),
  );
}

function toCbor(value: unknown): unknown {
  if (value instanceof Date) return tag({ tag: EPOCH_TAG, value: value.getTime() / 1000 });
  if (value instanceof Map) return toCbor(Object.fromEntries(value));
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(toCbor);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, toCbor(member)]])),
  );
}
