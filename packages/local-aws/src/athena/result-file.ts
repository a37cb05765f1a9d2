import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { ResultColumn } from './column-types.ts';
import { csvRows } from './engine/csv-text.ts';
import { invalidRequest } from './errors.ts';
import { QueryError } from './sql/query-error.ts';

const FIRST_READ_BYTES = 1_048_576;

/** Bucket and key of `s3://bucket/key`. Throws InvalidRequestException. */
export function parseLocation(location: string): { Bucket: string; Key: string } {
  const parsed = /^s3:\/\/([^/]+)\/?(.*)$/.exec(location);
  if (parsed === null) throw invalidRequest(`outputLocation is not a valid S3 path: ${location}`);
  return { Bucket: parsed[1] ?? '', Key: parsed[2] ?? '' };
}

/** Puts a result and its metadata, as Athena leaves them. A missing bucket is a `QueryError`. */
export async function putResult(
  s3: S3Client,
  output: string,
  result: { file: string; columns: readonly ResultColumn[]; id: string },
): Promise<void> {
  const { Bucket, Key } = parseLocation(output);
  const { size } = await stat(result.file);
  const ContentType = Key.endsWith('.txt') ? 'text/plain' : 'application/octet-stream';
  try {
    await s3.send(
      new PutObjectCommand({ Bucket, Key, Body: createReadStream(result.file), ContentLength: size, ContentType }),
    );
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: `${Key}.metadata`,
        Body: metadataOf(result.id, result.columns),
        ContentType: 'application/octet-stream',
      }),
    );
  } catch (error) {
    if (!isNamed(error, 'NoSuchBucket')) throw error;
    const text = `The S3 location provided to save your query results does not exist: s3://${Bucket}`;
    throw new QueryError('GENERIC_USER_ERROR', text, undefined, { cause: error });
  }
}

/** Rows of a result from a place on. `next` is the place of the following ones. Throws InvalidRequestException. */
export async function readRows(
  s3: S3Client,
  output: string,
  startByte: number,
  most: number,
): Promise<{ rows: (string | undefined)[][]; next: number | undefined }> {
  const location = parseLocation(output);
  for (let length = FIRST_READ_BYTES; ; length *= 8) {
    const part = await readPart(s3, location, startByte, length);
    const content = part.bytes.toString('utf8');
    const { rows, end } = csvRows(content, most);
    const endByte = startByte + Buffer.byteLength(content.slice(0, end));
    const isWhole = startByte + part.bytes.length >= part.total;
    if (rows.length === most || isWhole) return { rows, next: endByte < part.total ? endByte : undefined };
  }
}

/** A result of text: one value a line. */
export async function readLines(s3: S3Client, output: string): Promise<string[]> {
  const { bytes } = await readPart(s3, parseLocation(output), 0, Number.MAX_SAFE_INTEGER);
  return bytes.toString('utf8').split('\n').slice(0, -1);
}

async function readPart(
  s3: S3Client,
  location: { Bucket: string; Key: string },
  start: number,
  length: number,
): Promise<{ bytes: Buffer; total: number }> {
  try {
    const Range = `bytes=${start}-${Math.min(start + length, Number.MAX_SAFE_INTEGER) - 1}`;
    const { Body, ContentRange } = await s3.send(new GetObjectCommand({ ...location, Range }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return { bytes, total: Number(/\/(\d+)$/.exec(ContentRange ?? '')?.[1] ?? start + bytes.length) };
  } catch (error) {
    if (isNamed(error, 'InvalidRange')) return { bytes: Buffer.alloc(0), total: start };
    if (!isNamed(error, 'NoSuchKey', 'NoSuchBucket')) throw error;
    throw invalidRequest(`Could not find results: s3://${location.Bucket}/${location.Key}`);
  }
}

/**
 * The file beside a result: the name of the execution and the columns, as a Protocol Buffers message. The format has no
 * page of AWS; it is as others have read it.
 */
function metadataOf(id: string, columns: readonly ResultColumn[]): Buffer {
  const described = columns.map(({ name, type, precision, scale }) =>
    Buffer.concat([
      bytesField(1, Buffer.from('hive')),
      bytesField(4, Buffer.from(name)),
      bytesField(5, Buffer.from(name)),
      bytesField(6, Buffer.from(type)),
      numberField(7, precision),
      numberField(8, scale),
      numberField(9, 3),
      numberField(10, isCaseSensitive(type) ? 1 : 0),
    ]),
  );
  return Buffer.concat([bytesField(1, Buffer.from(id)), ...described.map((each) => bytesField(4, each))]);
}

/** Whether a column's values are told apart by case, as ColumnInfo says. */
export function isCaseSensitive(type: string): boolean {
  return type === 'varchar' || type === 'char';
}

function bytesField(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
