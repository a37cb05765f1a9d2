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
  /** Appended to each record. May be empty. */
  delimiter: z.string(),
});

/**
 * What decides an object's key and bytes. A replay after a restart writes the same object, even if the definition has
 * changed.
 */
export type ObjectPlan = z.infer<typeof planSchema>;

/**
 * Puts the planned object with the journal's records. Builds it in a file beside the journal, not in memory. Throws
 * errors of S3 and the disk. Idempotent: a replay overwrites the key with the same bytes.
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
  for await (const { data } of journal.read()) {
    yield data;
    if (end.length > 0) yield end;
  }
}
