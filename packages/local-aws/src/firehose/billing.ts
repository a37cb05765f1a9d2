import { type Meter, type Payer, unitsOf } from '../meter/meter.ts';

/** Each record is billed in steps of 5 KB, https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const STEP_BYTES = 5 * 1024;

/** Counts what the ingestion of records is billed for, put or read. */
export function meterRecords(records: readonly { data: Uint8Array }[], meter: Meter, payer: Payer = 'stack'): void {
  const steps = records.reduce((sum, { data }) => sum + unitsOf(data.length, STEP_BYTES), 0);
  meter.add('firehoseBytes', steps * STEP_BYTES, payer);
}
