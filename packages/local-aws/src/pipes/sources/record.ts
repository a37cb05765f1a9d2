import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/** One stream record as the stages of a pipe see it. */
export interface StreamRecord {
  /**
   * Kinesis: `shardId-…:<sequence>`; DynamoDB: the stream's own event id. The identifier of partial batch responses.
   */
  readonly eventId: string;
  /** A decimal number as text, increasing within a shard. */
  readonly sequenceNumber: string;
  /** Arrival in the stream, in epoch milliseconds (whole seconds for DynamoDB). */
  readonly arrivalMs: number;
  /** The event as AWS passes it on. Kinesis `data` is base64. */
  readonly event: JsonObject;
  /** The event after implicit body parsing: Kinesis `data` is its JSON value, or base64 if it is not JSON. */
  readonly parsedEvent: JsonObject;
  /**
   * The field with the producer's data, and whether it is JSON. A filter on the field drops records that are not JSON.
   */
  readonly body: { readonly field: 'data' | 'dynamodb'; readonly isJson: boolean };
  /** Size of the event as JSON, in bytes, for the 6 MB limit of a batch. */
  readonly bytes: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Matches every text with a number that is too large for a double. */
const largeNumber = /\d[eE]\+?\d|\d{309}/;

/**
 * Parses JSON in UTF-8. Undefined when the bytes are neither. A number too large for a double (1e400) counts as not
 * JSON: JavaScript would pass it on as null without a trace.
 */
export function parseBody(bytes: Uint8Array): { value: Json } | undefined {
  try {
    const text = utf8.decode(bytes);
    const value: Json = JSON.parse(text);
    return largeNumber.test(text) && holdsInfinity(value) ? undefined : { value };
  } catch {
    return undefined;
  }
}

function holdsInfinity(value: Json): boolean {
  const left: Json[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'number' && !Number.isFinite(next)) return true;
    if (typeof next === 'object' && next !== null) {
      for (const member of Object.values(next)) if (member !== undefined) left.push(member);
    }
  }
  return false;
}
