import type { Json, JsonObject } from '@tweet-pipes/kit/json';

/** One stream record as the stages of a pipe see it. */
export interface StreamRecord {
  /**
   * Kinesis: `shardId-…:<sequence>`; DynamoDB: the stream's own event id. The identifier of partial batch responses.
   */
  readonly eventId: string;
  /** A decimal number as text; grows within a shard. */
  readonly sequenceNumber: string;
  /** When the stream took the record, epoch milliseconds (whole seconds for DynamoDB). */
  readonly arrivalMs: number;
  /** The event exactly as AWS hands it over; Kinesis `data` is base64 here. */
  readonly event: JsonObject;
  /** The event after implicit body parsing: Kinesis `data` is its JSON value where it is JSON, else still base64. */
  readonly parsedEvent: JsonObject;
  /**
   * The field that carries what a producer sent, and whether it holds JSON: a filter that touches it drops records that
   * do not.
   */
  readonly body: { readonly field: 'data' | 'dynamodb'; readonly isJson: boolean };
  /** Size of the event as JSON, in bytes, for the 6 MB limit of a batch. */
  readonly bytes: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Only a text with such a number can hold one that is too large for a double. */
const largeNumber = /\d[eE]\+?\d|\d{309}/;

/**
 * The JSON value of these bytes, or undefined when they are not UTF-8 or not JSON. A number beyond every double (1e400)
 * counts as not JSON: JavaScript would hand it on as null, and the loss would show nowhere.
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
