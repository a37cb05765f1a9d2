import type { JsonObject } from '@tweet-pipes/kit/json';
import type { TransformedRecord } from '../../functions/transformation/transformation-event.ts';

/** 2026-01-01T00:00:00.250Z. */
export const arrivedMs = 1_767_225_600_250;

/** A record of a transformation event as Firehose sends it for a record of a Kinesis stream. */
export function sourceRecord(data: Uint8Array | string, recordId = 'r1'): JsonObject {
  return {
    recordId,
    approximateArrivalTimestamp: arrivedMs + 900,
    data: Buffer.from(data).toString('base64'),
    kinesisRecordMetadata: {
      shardId: 'shardId-000000000001',
      partitionKey: 'p',
      sequenceNumber: '4960',
      subsequenceNumber: '',
      approximateArrivalTimestamp: arrivedMs,
    },
  };
}

/** The event of Firehose with these records. */
export function transformationOf(records: readonly JsonObject[]): JsonObject {
  return {
    invocationId: 'i',
    deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/lake',
    sourceKinesisStreamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/records',
    region: 'us-east-1',
    records: [...records],
  };
}

/** The row in an answer; undefined if the record failed. */
export function rowOf({ result, data = '' }: TransformedRecord): JsonObject | undefined {
  return result === 'Ok' ? JSON.parse(Buffer.from(data, 'base64').toString()) : undefined;
}
