import { constants, gunzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { csvColumns } from './csv-columns.ts';
import type { FileSchema } from './file-schema.ts';
import { jsonColumns } from './json-lines.ts';
import { parquetColumns } from './parquet-columns.ts';

/** An object that is crawled. */
export interface CrawledObject {
  bucket: string;
  key: string;
  sizeBytes: number;
}

/** What is read of a file that is not Parquet. A crawler of AWS reads as much. */
const SAMPLE_BYTES = 1024 * 1024;
/** An object without a whole row in its sample is read up to this. */
const LARGEST_BYTES = 32 * 1024 * 1024;
/** What a sample may be unpacked to. */
const LARGEST_UNPACKED_BYTES = 128 * 1024 * 1024;

/**
 * What a file holds, by its beginning: lines of JSON, delimited text, or Parquet. Undefined for any other file, and for
 * one that is gone. Throws errors of S3.
 */
export async function readSchema(
  s3: S3Client,
  object: CrawledObject,
  signal: AbortSignal,
): Promise<FileSchema | undefined> {
  const { sizeBytes } = object;
  const read = (start: number, end: number) => readRange(s3, object, { start, end }, signal);
  const head = await read(0, Math.min(SAMPLE_BYTES, sizeBytes));
  if (head === undefined) return undefined;
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return parquet(object, read);
  const isWhole = head.length >= sizeBytes;
  const sample = schemaOfText(head, isWhole);
  if (sample !== 'too short' || isWhole) return sample === 'too short' ? undefined : sample;
  const more = await read(0, Math.min(LARGEST_BYTES, sizeBytes));
  const schema = more && schemaOfText(more, more.length >= sizeBytes);
  return schema === 'too short' ? undefined : schema;
}

async function parquet(
  { sizeBytes }: CrawledObject,
  read: (start: number, end: number) => Promise<Buffer | undefined>,
): Promise<FileSchema | undefined> {
  const slice = async (start: number, end = sizeBytes): Promise<ArrayBuffer> => {
    const bytes = (await read(start, end)) ?? Buffer.alloc(0);
    const copy = new ArrayBuffer(bytes.length);
    new Uint8Array(copy).set(bytes);
    return copy;
  };
  try {
    const { columns, rows } = await parquetColumns({ byteLength: sizeBytes, slice });
    const sampled = { sampledRows: rows, sampledBytes: sizeBytes };
    return { classification: 'parquet', compression: 'none', columns, ...sampled };
  } catch {
    return undefined;
  }
}

/** `too short` where a sample holds no whole row. */
function schemaOfText(bytes: Buffer, isWhole: boolean): FileSchema | undefined | 'too short' {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = isGzip ? unpacked(bytes) : bytes;
  if (text === undefined || text.includes(0)) return undefined;
  const end = isWhole ? text.length : text.lastIndexOf('\n') + 1;
  const lines = text
    .toString('utf8', 0, end)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) return isWhole ? undefined : 'too short';
  const common = { compression: isGzip ? 'gzip' : 'none', sampledBytes: end } as const;
  const json = jsonColumns(lines);
  if (json !== undefined) return { ...common, classification: 'json', columns: json, sampledRows: lines.length };
  const csv = csvColumns(lines);
  return csv && { ...common, classification: 'csv', columns: csv.columns, sampledRows: csv.rows, csv: csv.csv };
}

/** Also of a file that was cut. Undefined for one that is broken or too large. */
function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LARGEST_UNPACKED_BYTES };
    return gunzipSync(bytes, options);
  } catch {
    return undefined;
  }
}

async function readRange(
  s3: S3Client,
  { bucket, key, sizeBytes }: CrawledObject,
  { start, end }: { start: number; end: number },
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const Range = end - start < sizeBytes ? `bytes=${start}-${end - 1}` : undefined;
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(Range !== undefined && { Range }) });
    const { Body } = await s3.send(command, { abortSignal: signal });
    return Body && Buffer.from(await Body.transformToByteArray());
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
