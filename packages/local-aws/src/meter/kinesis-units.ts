import { isJsonObject } from '@tweet-pipes/kit/json';
import { dataBytes, recordBytes } from '../engines/kinesis-record-size.ts';
import { type Meter, type Payer, unitsOf } from './meter.ts';

const PUT_UNIT_BYTES = 25 * 1024;
const ON_DEMAND_STEP_BYTES = 1024;

/**
 * Counts the records that any caller put on a stream, and the bytes that a client of the endpoint read. Pipes count
 * their own reads: the runtime also reads to check whether it is idle, which AWS does not do.
 */
export function meterKinesis(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  output: Readonly<Record<string, unknown>>,
  meter: Meter,
  payer: Payer,
): void {
  const ofStream = meter.of(String(input.StreamARN ?? input.StreamName));
  if (operation === 'PutRecord') meterPut(input, ofStream);
  if (operation === 'PutRecords' && Array.isArray(input.Records)) {
    const results = Array.isArray(output.Records) ? output.Records : [];
    for (const [index, record] of input.Records.entries()) {
      const result: unknown = results[index];
      if (isJsonObject(record) && !(isJsonObject(result) && typeof result.ErrorCode === 'string'))
        meterPut(record, ofStream);
    }
  }
  if (operation === 'GetRecords' && payer === 'callers' && Array.isArray(output.Records)) {
    const bytes = output.Records.reduce(
      (sum: number, record) => sum + (isJsonObject(record) ? dataBytes(record) : 0),
      0,
    );
    meter.add('kinesisReadBytes', bytes, payer);
  }
}

function meterPut(record: Readonly<Record<string, unknown>>, meter: Meter): void {
  const bytes = recordBytes(record);
  meter.add('kinesisPutUnits', unitsOf(bytes, PUT_UNIT_BYTES));
  meter.add('kinesisIngestedBytes', unitsOf(bytes, ON_DEMAND_STEP_BYTES) * ON_DEMAND_STEP_BYTES);
}
