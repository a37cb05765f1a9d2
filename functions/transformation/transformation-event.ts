import * as z from 'zod';

/** The year 5138 in seconds, 1973 in milliseconds. */
const firstMs = 100_000_000_000;

/**
 * A time in milliseconds since the epoch. AWS's own examples also show ISO 8601, and the API of Kinesis gives seconds.
 */
const arrival = z.union([
  z.number().transform((value) => (value < firstMs ? value * 1000 : value)),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

const metadata = z.looseObject({
  shardId: z.string(),
  sequenceNumber: z.string(),
  approximateArrivalTimestamp: arrival,
});

/**
 * What Firehose sends to a transformation. `kinesisRecordMetadata` is there if its source is a Kinesis stream.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export const transformationEvent = z.looseObject({
  records: z.array(
    z.looseObject({
      recordId: z.string(),
      /** Base64. */
      data: z.string(),
      approximateArrivalTimestamp: arrival,
      kinesisRecordMetadata: metadata.optional(),
    }),
  ),
});

/** A record of a transformation event. */
export type SourceRecord = z.output<typeof transformationEvent>['records'][number];

/**
 * The answer for one record. Each record of the event has one.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 */
export interface TransformedRecord {
  recordId: string;
  result: 'Ok' | 'ProcessingFailed';
  /** Base64: the row and a newline; of a failed record what it came with. */
  data?: string;
}

/** The answer of a transformation. */
export interface TransformationResult {
  records: TransformedRecord[];
}
