/** Bytes of data, which are in base64 here. */
export function dataBytes({ Data: data }: Readonly<Record<string, unknown>>): number {
  return typeof data === 'string' ? Buffer.byteLength(data, 'base64') : 0;
}

/** Bytes of a record to be put as Kinesis counts them: data and partition key. */
export function recordBytes(record: Readonly<Record<string, unknown>>): number {
  return dataBytes(record) + Buffer.byteLength(String(record.PartitionKey ?? ''));
}
