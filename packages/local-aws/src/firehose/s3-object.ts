import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { Conversion, conversionPlan, type WriteParquet } from './conversion/conversion.ts';
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
  /** How rows become Parquet. */
  conversion: conversionPlan.optional(),
});

/**
 * What decides the keys and bytes of a journal's objects. A replay after a restart writes the same objects, even if the
 * definition has changed, as far as the function answers the same.
 */
export type ObjectPlan = z.infer<typeof planSchema>;

/** Sends records through a plan's function. Returns what became of each, in order. */
export type Transform = (records: readonly IdentifiedRecord[], by: Transformation) => Promise<Transformed[]>;

/** What builds objects. */
export interface BuildTools {
  transform: Transform;
  writeParquet: WriteParquet;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Where rows go. */
interface Output {
  write(record: JournalRecord, data: Uint8Array): Promise<void>;
  finish(): Promise<BuiltObject[]>;
  abandon(): void;
}

/**
 * Builds the planned objects of a journal's records in files, not in memory: the data, and the records that cannot be
 * processed or converted. An object without records is left out. Throws errors of the disk and of the tools.
 */
export async function buildObjects(journal: Journal, plan: ObjectPlan, tools: BuildTools): Promise<BuiltObject[]> {
  const data = outputOf(journal, plan, tools);
  const by = plan.transformation;
  if (by === undefined) return built([data], () => copy(journal, data));
  const errors = new ObjectFile(`${journal.path}.errors.object`, by.errorKey, plan.compression);
  return built([data, errors], () => divide(journal, by, tools.transform, { data, errors }));
}

function outputOf(journal: Journal, plan: ObjectPlan, { writeParquet, now }: BuildTools): Output {
  const path = `${journal.path}.object`;
  if (plan.conversion !== undefined) {
    const conversion = new Conversion(plan.conversion, { path, key: plan.key }, now);
    return {
      write: (record, data) => conversion.write(record, data),
      finish: () => conversion.finish(writeParquet),
      abandon: () => conversion.abandon(),
    };
  }
  const file = new ObjectFile(path, plan.key, plan.compression);
  const delimiter = Buffer.from(plan.delimiter);
  return {
    write: (_, data) => file.write(data, delimiter),
    finish: () => file.finish(),
    abandon: () => file.abandon(),
  };
}

async function built(
  files: readonly Pick<Output, 'finish' | 'abandon'>[],
  fill: () => Promise<void>,
): Promise<BuiltObject[]> {
  try {
    await fill();
    return (await Promise.all(files.map((file) => file.finish()))).flat();
  } catch (error) {
    for (const file of files) file.abandon();
    throw error;
  }
}

async function copy(journal: Journal, data: Output): Promise<void> {
  for await (const record of journal.read()) await data.write(record, record.data);
}

async function divide(
  journal: Journal,
  by: Transformation,
  transform: Transform,
  { data, errors }: { data: Output; errors: ObjectFile },
): Promise<void> {
  for await (const batch of batchesOf(journal, by)) {
    const outcomes = await transform(batch, by);
    for (const [index, record] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome?.result === 'Ok') await data.write(record, outcome.data);
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
