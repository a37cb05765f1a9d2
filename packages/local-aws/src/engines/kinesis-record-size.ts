/** Bytes of a record's data, given in base64. */
export function dataBytes({ Data: data }: Readonly<Record<string, unknown>>): number {
  return typeof data === 'string' ? Buffer.byteLength(data, 'base64') : 0;
}

/** Bytes of a record as Kinesis counts them: data and partition key. */
export function recordBytes(record: Readonly<Record<string, unknown>>): number {
  return dataBytes(record) + Buffer.byteLength(String(record.PartitionKey ?? ''));
}
