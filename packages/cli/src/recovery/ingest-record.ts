import type { Json } from '@tweet-pipes/kit/json';
import { formatPosition } from '@tweet-pipes/kit/position';
import type { StreamRecord } from '@tweet-pipes/local-aws/pipes/sources/record';

/** One record as the ingest pipe passes it to the workflow. */
export interface IngestRecord {
  /** Where it is in the stream; what the workflow stores as `record`. */
  position: string;
  /** `<shard id>:<sequence number>`, as Pipes gives it to the workflow. */
  eventId: string;
  /** Epoch seconds with fraction. */
  arrivedAt: number;
  /** The record's JSON value, or its bytes in base64. */
  tweet: Json;
  /** Its bytes in base64. */
  base64: string;
  /** Why no attempt of the pipe can succeed; undefined when one can. */
  tooLarge: string | undefined;
}

/**
 * The limit on the input of a workflow: in characters, by Pipes, and in bytes, by Step Functions. Sources:
 * docs/feature-support.md.
 */
const limit = 262_144;

/** Decodes a record of the ingest stream as the pipe does. */
export function ingestRecord(record: StreamRecord): IngestRecord {
  const { eventId, sequenceNumber, arrivalMs, event, parsedEvent } = record;
  const arrivedAt = arrivalMs / 1000;
  const tweet = parsedEvent.data ?? null;
  const payload = payloadOf({ eventID: eventId, arrivedAt, tweet });
  return {
    position: formatPosition(eventId.slice(0, eventId.indexOf(':')), sequenceNumber),
    eventId,
    arrivedAt,
    tweet,
    base64: typeof event.data === 'string' ? event.data : '',
    tooLarge: payload === undefined ? 'nested too deeply' : excess(payload),
  };
}

function payloadOf(record: { eventID: string; arrivedAt: number; tweet: Json }): string | undefined {
  try {
    return JSON.stringify([record]);
  } catch {
    return undefined; // The only cause: the value is nested too deeply for the call stack.
  }
}

function excess(payload: string): string | undefined {
  if (payload.length > limit)
    return `${payload.length} characters, more than the ${limit} that a pipe hands to a workflow`;
  const bytes = Buffer.byteLength(payload);
  return bytes > limit ? `${bytes} bytes, more than the ${limit} that a workflow takes` : undefined;
}
