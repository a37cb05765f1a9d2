import { cbor, tag, tagSymbol } from '@smithy/core/cbor';
import type { Translation, WireEvent, WireRequest, WireResponse } from '../wire.ts';

/** https://github.com/aws/aws-sdk-java-v2 speaks it with Kinesis, unless told `aws.cborEnabled=false`. */
const CBOR_TYPE = 'application/x-amz-cbor-1.1';
const JSON_TYPE = 'application/x-amz-json-1.1';
/** The tag of a time, which AWS gives in milliseconds where RFC 8949 has seconds. */
const EPOCH_TAG = 1;

/** The members that JSON cannot tell from text and numbers. */
export interface CborMembers {
  readonly blobs: ReadonlySet<string>;
  readonly times: ReadonlySet<string>;
}

/** Translates a request in AWS's CBOR 1.1 to JSON 1.1, and its answer back. Undefined for any other request. */
export function cborTranslation(request: WireRequest, members: CborMembers): Translation | undefined {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== CBOR_TYPE) return undefined;
  return {
    request: { ...request, headers: { ...request.headers, 'content-type': JSON_TYPE }, body: toJson(request.body) },
    answer: (response) => cborAnswer(response, members),
  };
}

/** A body that is no CBOR stays as it is: the service then says that it is no JSON either. */
function toJson(body: Buffer): Buffer {
  if (body.length === 0) return body;
  try {
    return Buffer.from(JSON.stringify(jsonValue(cbor.deserialize(body))));
  } catch {
    return body;
  }
}

function jsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value;
  if (tagSymbol in value && 'value' in value) return Number(value.value) / 1_000;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonValue(member)]));
}

function cborAnswer({ headers, body, events, ...rest }: WireResponse, members: CborMembers): WireResponse {
  const translated = { ...headers, ...(headers['content-type'] === JSON_TYPE ? { 'content-type': CBOR_TYPE } : {}) };
  if (events === undefined) return { ...rest, headers: translated, body: toCbor(body, members) };
  const cborEvents = async function* (closed: AbortSignal): AsyncGenerator<WireEvent> {
    for await (const event of events(closed)) {
      yield { ...event, contentType: CBOR_TYPE, body: toCbor(event.body, members) };
    }
  };
  return { ...rest, headers: translated, body, events: cborEvents };
}

function toCbor(body: Buffer, members: CborMembers): Buffer {
  if (body.length === 0) return body;
  // The library reuses its buffer.
  return Buffer.from(cbor.serialize(cborValue('', JSON.parse(body.toString('utf8')), members)));
}

function cborValue(name: string, value: unknown, members: CborMembers): unknown {
  if (typeof value === 'string' && members.blobs.has(name)) return new Uint8Array(Buffer.from(value, 'base64'));
  if (typeof value === 'number' && members.times.has(name)) {
    return tag({ tag: EPOCH_TAG, value: Math.round(value * 1_000) });
  }
  if (Array.isArray(value)) return value.map((element) => cborValue(name, element, members));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, cborValue(member, inner, members)]),
  );
}
