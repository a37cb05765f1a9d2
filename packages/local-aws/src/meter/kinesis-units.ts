import { isJsonObject } from '@tweet-pipes/kit/json';
import { dataBytes, recordBytes } from '../engines/kinesis-record-size.ts';
import { type Meter, type Payer, unitsOf } from './meter.ts';

const PUT_UNIT_BYTES = 25 * 1024;
const ON_DEMAND_STEP_BYTES = 1024;

/** What a call put on a stream. */
export interface PutCount {
  readonly records: number;
  /** Records that were refused. */
  readonly failed: number;
  /** Data and partition keys of those that were not. */
  readonly bytes: number;
}

/**
 * Counts the records that any caller put on a stream, and the bytes that a client of the endpoint read. Pipes count
 * their own reads: the runtime also reads to check whether it is idle, which AWS does not do. Undefined for a call that
 * puts nothing.
 */
export function meterKinesis(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  output: Readonly<Record<string, unknown>>,
  meter: Meter,
  payer: Payer,
): PutCount | undefined {
  const ofStream = meter.of(String(input.StreamARN ?? input.StreamName));
  if (operation === 'PutRecord') return { records: 1, failed: 0, bytes: meterPut(input, ofStream) };
  if (operation === 'PutRecords' && Array.isArray(input.Records)) {
    const results = Array.isArray(output.Records) ? output.Records : [];
    let [records, bytes] = [0, 0];
    for (const [index, record] of input.Records.entries()) {
      const result: unknown = results[index];
      if (isJsonObject(record) && !(isJsonObject(result) && typeof result.ErrorCode === 'string')) {
        records += 1;
        bytes += meterPut(record, ofStream);
      }
    }
    return { records, failed: input.Records.length - records, bytes };
  }
  if (operation === 'GetRecords' && payer === 'callers' && Array.isArray(output.Records)) {
    const bytes = output.Records.reduce(
      (sum: number, record) => sum + (isJsonObject(record) ? dataBytes(record) : 0),
      0,
    );
    meter.add('kinesisReadBytes', bytes, payer);
  }
  return undefined;
}

function meterPut(record: Readonly<Record<string, unknown>>, meter: Meter): number {
  const bytes = recordBytes(record);
  meter.add('kinesisPutUnits', unitsOf(bytes, PUT_UNIT_BYTES));
  meter.add('kinesisIngestedBytes', unitsOf(bytes, ON_DEMAND_STEP_BYTES) * ON_DEMAND_STEP_BYTES);
  return bytes;
}
