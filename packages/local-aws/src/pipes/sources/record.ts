import type { JsonObject } from '@tweet-pipes/kit/json';

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
