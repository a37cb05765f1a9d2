import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';

import type { Journal } from './journal.ts';

const planSchema = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  compression: z.enum(['GZIP', 'UNCOMPRESSED']),
  /** Put behind each record; empty for none. */
  delimiter: z.string(),
});

/**
 * Everything that decides an object's place and bytes, so that a replay after a restart writes the same, whatever the
 * definition says by then.
 */
export type ObjectPlan = z.infer<typeof planSchema>;

/**
 * Puts the object that the plan describes: the journal's records, through a file beside the journal, so that no object
 * is ever held in memory. Throws what S3 or the disk throws; may be repeated at any time, and overwrites the same key
 * with the same bytes.
 */
export async function putObject(s3: S3Client, journal: Journal, plan: ObjectPlan, signal: AbortSignal): Promise<void> {
  const path = `${journal.path}.object`;
  try {
    const compression = plan.compression === 'GZIP' ? createGzip() : new PassThrough();
    await pipeline(Readable.from(delimited(journal, plan.delimiter)), compression, createWriteStream(path), { signal });
    const { size } = await stat(path);
    const command = new PutObjectCommand({
      Bucket: plan.bucket,
      Key: plan.key,
      Body: createReadStream(path),
      ContentLength: size,
      ContentType: 'application/octet-stream',
    });
    await s3.send(command, { abortSignal: signal });
  } finally {
    await rm(path, { force: true });
  }
}

export function parsePlan(text: string): ObjectPlan {
  return planSchema.parse(JSON.parse(text));
}

async function* delimited(journal: Journal, delimiter: string): AsyncGenerator<Uint8Array> {
  const end = Buffer.from(delimiter);
  for await (const record of journal.read()) {
    yield record;
    if (end.length > 0) yield end;
  }
}
