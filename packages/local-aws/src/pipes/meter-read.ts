import type { Meter } from '../meter/meter.ts';
import type { StreamRecord } from './sources/record.ts';
import type { StreamSource } from './sources/source.ts';

/**
 * Meters one read of a pipe, before its filter. Empty reads of a table's stream are not metered, since they depend on
 * the polling interval, not on the records.
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
