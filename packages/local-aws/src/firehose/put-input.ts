import { z } from 'zod';

import { AwsError } from '../gateway/aws-error.ts';

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html. All limits are before base64. */
const recordBytes = 1000 * 1024;
const batchRecords = 500;
const batchBytes = 4 * 1024 * 1024;

const name = z.string().min(1).max(64);
const record = z.strictObject({
  Data: z
    .instanceof(Uint8Array, { error: 'must be a blob' })
    .refine((data) => data.length <= recordBytes, `must have length less than or equal to ${recordBytes}`),
});
const putRecord = z.strictObject({ DeliveryStreamName: name, Record: record });
const putRecordBatch = z.strictObject({
  DeliveryStreamName: name,
  Records: z.array(record).min(1).max(batchRecords, `must have length less than or equal to ${batchRecords}`),
});

/** The input of PutRecord and PutRecordBatch. */
export interface PutInput {
  name: string;
  records: Uint8Array[];
}

/** Throws ValidationException. Not retryable. */
export function parsePutRecord(input: Record<string, unknown>): PutInput {
  const { DeliveryStreamName, Record } = parsedOrThrow(putRecord.safeParse(input));
  return { name: DeliveryStreamName, records: [Record.Data] };
}

/**
 * Throws ValidationException, or InvalidArgumentException above 4 MiB in total, without accepting any record. Not
 * retryable.
 */
export function parsePutRecordBatch(input: Record<string, unknown>): PutInput {
  const { DeliveryStreamName, Records } = parsedOrThrow(putRecordBatch.safeParse(input));
  const bytes = Records.reduce((sum, { Data }) => sum + Data.length, 0);
  if (bytes > batchBytes)
    throw new AwsError(
      'InvalidArgumentException',
      `Records: ${bytes} bytes in total, at most ${batchBytes} are allowed`,
    );
  return { name: DeliveryStreamName, records: Records.map(({ Data }) => Data) };
}

function parsedOrThrow<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  throw new AwsError('ValidationException', problems.join('; '));
}
