import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectContent, ObjectFormat } from '@tweet-pipes/console/views/objects/api';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { type Json, parseJson } from '@tweet-pipes/kit/json';
import { isNamed, sentence } from '@tweet-pipes/kit/thrown';
import { notFound } from '../api-error.ts';

/** Rows of one answer. */
const mostRows = 200;
/** Characters of one answer, so that rows of the largest records do not make a page that no browser likes. */
const mostCharacters = 2_000_000;
/** Larger objects of JSON are not parsed as a whole. Parquet has to be loaded as a whole. */
const mostBytes = 32_000_000;

/**
 * Reads some rows of an object, from row `from` on. It streams, so that an object may have any size; Parquet and single
 * JSON documents are read up to 32 MB. Throws ApiError when there is no such object, else the SDK's error.
 */
export async function readObject(
  { s3 }: Pick<AwsClients, 's3'>,
  { bucket, key, from }: { bucket: string; key: string; from: number },
): Promise<ObjectContent> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
    if (!isNamed(error, 'NoSuchKey', 'NotFound')) throw error;
    throw notFound(`There is no object ${key} in the bucket ${bucket}. It may have expired.`);
  });
  const body = bodyOf(answer);
  try {
    const isCompressed = key.endsWith('.gz') || answer.ContentEncoding === 'gzip';
    const format = formatOf(key);
    const bytes = answer.ContentLength ?? 0;
    const read = await rowsOf(body, { format, isCompressed, bytes, from });
    return {
      ...{ bucket, key, bytes, modifiedAt: answer.LastModified?.toISOString() ?? '' },
      ...{ format, isCompressed, from },
      ...read,
    };
  } finally {
    body.destroy();
  }
}

/** By the name, as Firehose, Athena and the workflow give it. */
export function formatOf(key: string): ObjectFormat {
  const name = key.replace(/\.gz$/, '');
  if (name.endsWith('.parquet')) return 'parquet';
  if (name.endsWith('.json')) return 'json';
  if (name.endsWith('.jsonl') || key.endsWith('.gz')) return 'json-lines';
  if (/\.(csv|txt|log|sql)$/.test(name)) return 'text';
  // Firehose gives no extension to what it could not process.
  return /(^|\/)errors\//.test(key) ? 'json-lines' : 'other';
}

interface Rows {
  rows: Json[];
  hasMore: boolean;
  note: string | null;
}

async function rowsOf(
  body: Readable,
  { format, isCompressed, bytes, from }: { format: ObjectFormat; isCompressed: boolean; bytes: number; from: number },
): Promise<Rows> {
  if (format === 'other') return { rows: [], hasMore: false, note: 'Its name does not say what it holds.' };
  if ((format === 'json' || format === 'parquet') && bytes > mostBytes) {
    return { rows: [], hasMore: false, note: `It is larger than ${mostBytes / 1e6} MB: download it to read it.` };
  }
  if (format === 'parquet') return parquetRows(await bufferOf(body), from);
  const text = isCompressed ? body.pipe(createGunzip()) : body;
  body.once('error', (error) => text.destroy(error));
  try {
    if (format === 'json') {
      const document = (await bufferOf(text)).toString('utf8');
      return { rows: [parseJson(document) ?? document.slice(0, mostCharacters)], hasMore: false, note: null };
    }
    return await lineRows(text, from, format === 'text' ? (line) => line : (line) => parseJson(line) ?? line);
  } catch (error) {
    return { rows: [], hasMore: false, note: `It cannot be read: ${sentence(error)}` };
  }
}

async function lineRows(text: AsyncIterable<unknown>, from: number, parse: (line: string) => Json): Promise<Rows> {
  const rows: Json[] = [];
  let index = 0;
  let characters = 0;
  for await (const line of linesOf(text)) {
    if (line === '') continue;
    index += 1;
    if (index <= from) continue;
    if (rows.length === mostRows || characters + line.length > mostCharacters) {
      if (rows.length > 0) return { rows, hasMore: true, note: null };
    }
    characters += line.length;
    rows.push(line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : parse(line));
  }
  return { rows, hasMore: false, note: null };
}

/** As node:readline does, which does not reject when its input fails. */
async function* linesOf(text: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of text) {
    rest += decoder.decode(chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk)), { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest + decoder.decode();
}

async function parquetRows(file: Buffer, from: number): Promise<Rows> {
  const { readParquetRows } = await import('@tweet-pipes/kit/parquet-rows');
  try {
    const { rows, total } = await readParquetRows(file, { from, limit: mostRows });
    return { rows, hasMore: from + rows.length < total, note: null };
  } catch (error) {
    return { rows: [], hasMore: false, note: `It cannot be read: ${sentence(error)}` };
  }
}

function bodyOf({ Body }: GetObjectCommandOutput): Readable {
  return Body instanceof Readable ? Body : Readable.from([]);
}

async function bufferOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > mostBytes) throw new Error(`It holds more than ${mostBytes / 1e6} MB: download it to read it.`);
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}
