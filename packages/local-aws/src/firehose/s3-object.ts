import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Journal } from './journal.ts';
import type { JournalRecord } from './journal-frame.ts';
import { type BuiltObject, ObjectFile } from './object-file.ts';
import type { FailedRecord, IdentifiedRecord, Transformation, Transformed } from './transformation.ts';

const planSchema = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  compression: z.enum(['GZIP', 'UNCOMPRESSED']),
  /** Appended to each record. May be empty. */
  delimiter: z.string(),
  /** The function that records go through, and the key of those that cannot be processed. */
  transformation: z
    .strictObject({
      lambdaArn: z.string(),
      numberOfRetries: z.number(),
      bufferBytes: z.number(),
      bufferIntervalSeconds: z.number(),
      errorKey: z.string(),
    })
    .optional(),
});

/**
 * What decides the keys and bytes of a journal's objects. A replay after a restart writes the same objects, even if the
 * definition has changed, as far as the function answers the same.
 */
export type ObjectPlan = z.infer<typeof planSchema>;

/** Sends records through a plan's function. Returns what became of each, in order. */
export type Transform = (records: readonly IdentifiedRecord[], by: Transformation) => Promise<Transformed[]>;

/**
 * Builds the planned objects of a journal's records in files, not in memory: the data, and the records that cannot be
 * processed. An object without records is left out. Throws errors of the disk and of `transform`.
 */
export async function buildObjects(journal: Journal, plan: ObjectPlan, transform: Transform): Promise<BuiltObject[]> {
  const data = new ObjectFile(`${journal.path}.object`, plan.key, plan.compression);
  const delimiter = Buffer.from(plan.delimiter);
  const by = plan.transformation;
  if (by === undefined) return built([data], () => copy(journal, { data, delimiter }));
  const errors = new ObjectFile(`${journal.path}.errors.object`, by.errorKey, plan.compression);
  return built([data, errors], () => divide(journal, by, transform, { data, errors, delimiter }));
}

async function built(files: readonly ObjectFile[], fill: () => Promise<void>): Promise<BuiltObject[]> {
  try {
    await fill();
    return (await Promise.all(files.map((file) => file.finish()))).flat();
  } catch (error) {
    for (const file of files) file.abandon();
    throw error;
  }
}

/** Where records go. */
interface Output {
  data: ObjectFile;
  delimiter: Uint8Array;
}

async function copy(journal: Journal, { data, delimiter }: Output): Promise<void> {
  for await (const record of journal.read()) await data.write(record.data, delimiter);
}

async function divide(
  journal: Journal,
  by: Transformation,
  transform: Transform,
  { data, delimiter, errors }: Output & { errors: ObjectFile },
): Promise<void> {
  for await (const batch of batchesOf(journal, by)) {
    const outcomes = await transform(batch, by);
    for (const [index, record] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome?.result === 'Ok') await data.write(outcome.data, delimiter);
      if (outcome?.result === 'failed') await errors.write(errorLine(record, outcome, by.lambdaArn));
    }
  }
}

/** Throws errors of S3 and the disk. Idempotent: a replay overwrites the key. */
export async function putObject(s3: S3Client, bucket: string, object: BuiltObject, signal: AbortSignal): Promise<void> {
  const { size } = await stat(object.path);
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: object.key,
    Body: createReadStream(object.path),
    ContentLength: size,
    ContentType: 'application/octet-stream',
  });
  await s3.send(command, { abortSignal: signal });
}

export function parsePlan(text: string): ObjectPlan {
  return planSchema.parse(JSON.parse(text));
}

/** The records of invocations, in order. Sizes and intervals are AWS's buffering hints. */
async function* batchesOf(
  journal: Journal,
  { bufferBytes, bufferIntervalSeconds }: Transformation,
): AsyncGenerator<IdentifiedRecord[]> {
  let batch: IdentifiedRecord[] = [];
  let bytes = 0;
  let count = 0;
  let firstArrivalMs = 0;
  for await (const record of journal.read()) {
    const isOver = bytes + record.data.length > bufferBytes;
    const isLate = record.arrivalMs - firstArrivalMs > bufferIntervalSeconds * 1000;
    if (batch.length > 0 && (isOver || isLate)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length === 0) firstArrivalMs = record.arrivalMs;
    batch.push({ ...record, recordId: String(count).padStart(56, '0') });
    bytes += record.data.length;
    count += 1;
  }
  if (batch.length > 0) yield batch;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html */
function errorLine(record: JournalRecord, failure: FailedRecord, lambdaArn: string): Buffer {
  const { attemptsMade, errorCode, errorMessage, attemptEndingMs } = failure;
  const line = {
    attemptsMade,
    arrivalTimestamp: record.arrivalMs,
    errorCode,
    errorMessage,
    attemptEndingTimestamp: attemptEndingMs,
    rawData: Buffer.from(record.data).toString('base64'),
    lambdaArn,
  };
  return Buffer.from(`${JSON.stringify(line)}\n`);
}
