import type { Meter } from '../meter/meter.ts';
import type { StreamRecord } from './sources/record.ts';
import type { StreamSource } from './sources/source.ts';

/**
 * Counts one read of a pipe, before its filter. A read of a table's stream that brings nothing is not counted: how
 * often a pipe looks is not the tweets' doing.
 */
export function meterRead(kind: StreamSource['kind'], records: readonly StreamRecord[], meter: Meter): void {
  if (records.length === 0) return;
  switch (kind) {
    case 'kinesis':
      for (const { event } of records) meter.add('kinesisReadBytes', Buffer.byteLength(String(event.data), 'base64'));
      return;
    case 'dynamodb':
      meter.add('dynamodbStreamReads', 1);
      return;
  }
}
