import { type Meter, type Payer, unitsOf } from '../meter/meter.ts';

/** Each record is billed in steps of 5 KB, https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const STEP_BYTES = 5 * 1024;

/** Counts what records are billed for: their ingestion, put or read, or their conversion. */
export function meterRecords(
  records: readonly { data: Uint8Array }[],
  meter: Meter,
  payer: Payer = 'stack',
  item: 'firehoseBytes' | 'firehoseConvertedBytes' = 'firehoseBytes',
): void {
  const steps = records.reduce((sum, { data }) => sum + unitsOf(data.length, STEP_BYTES), 0);
  meter.add(item, steps * STEP_BYTES, payer);
}
