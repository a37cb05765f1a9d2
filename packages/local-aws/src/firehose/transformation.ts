import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { outageBackoff } from '../pipes/backoff.ts';
import type { JournalRecord } from './journal-frame.ts';

/** AWS waits five minutes, https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
const INVOCATION_MS = 5 * 60 * 1000;

/** How a function transforms records. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
export interface Transformation {
  lambdaArn: string;
  /** Attempts after the first one, 0-300. */
  numberOfRetries: number;
  /** Bytes of data in one invocation. A larger record has one of its own. */
  bufferBytes: number;
  /** Records of one invocation arrived within this time. */
  bufferIntervalSeconds: number;
}

/** Who calls a function, and with what. */
export interface TransformerOptions {
  /** A client without retries of its own. Called at each invocation. */
  lambda: () => LambdaClient;
  deliveryStreamArn: string;
  /** Undefined for records that are put. */
  sourceArn: string | undefined;
  region: string;
  clock: Clock;
  random: Random;
}

/** A record with its id in the events of the function, which is the same at each attempt. */
export interface IdentifiedRecord extends JournalRecord {
  recordId: string;
}

/** What became of a record. */
export type Transformed = { result: 'Ok'; data: Uint8Array } | { result: 'Dropped' } | FailedRecord;

/** Why a record is not in the data. */
export interface FailedRecord {
  result: 'failed';
  attemptsMade: number;
  errorCode: string;
  errorMessage: string;
  /** Milliseconds since the epoch. */
  attemptEndingMs: number;
}

type Failure = Pick<FailedRecord, 'errorCode' | 'errorMessage'>;

/** `Ok` needs data. AWS's own blueprints leave it out of the others. */
const answerSchema = z.object({
  records: z.array(
    z.discriminatedUnion('result', [
      z.object({ recordId: z.string(), result: z.literal('Ok'), data: z.base64() }),
      z.object({ recordId: z.string(), result: z.enum(['Dropped', 'ProcessingFailed']) }),
    ]),
  ),
});
type AnsweredRecord = z.infer<typeof answerSchema>['records'][number];

/**
 * Codes and messages of AWS. Documented:
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#monitoring-with-cloudwatch-logs-lambda
 */
const failures = {
  functionError: {
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
  },
  /** The code is not documented. */
  timedOut: {
    errorCode: 'Lambda.FunctionTimedOut',
    errorMessage: 'The Lambda function did not answer within five minutes.',
  },
  format: {
    errorCode: 'Lambda.FunctionError',
    errorMessage:
      'Check your function and make sure the output is in required format. In addition to that, make sure the processed ' +
      'records contain valid result status of Dropped, Ok, or ProcessingFailed',
  },
  noRecords: {
    errorCode: 'Lambda.JsonProcessingException',
    errorMessage:
      'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow ' +
      'the status model required by Amazon Data Firehose.',
  },
  duplicatedId: {
    errorCode: 'Lambda.DuplicatedRecordId',
    errorMessage:
      'Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record ' +
      'IDs for each record.',
  },
  missingId: {
    errorCode: 'Lambda.MissingRecordId',
    errorMessage:
      'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
  },
  processingFailed: {
    errorCode: 'Lambda.ProcessingFailedStatus',
    errorMessage: 'ProcessingFailed status set for record',
  },
} as const satisfies Record<string, Failure>;

/** The codes of calls that Lambda refuses. Any other error keeps its name behind `Lambda.`. */
const refusals = new Map([
  ['TooManyRequestsException', 'Lambda.InvokeLimitExceeded'],
  ['ResourceNotFoundException', 'Lambda.ResourceNotFound'],
  ['AccessDeniedException', 'Lambda.InvokeAccessDenied'],
]);

/**
 * Sends records through a function in one invocation, and again after a failed one as often as the transformation
 * says. An answer is final, whatever it holds. Returns what became of each record, in order. Throws only when `signal`
 * aborts.
 */
export async function transform(
  records: readonly IdentifiedRecord[],
  { lambdaArn, numberOfRetries }: Transformation,
  options: TransformerOptions,
  signal: AbortSignal,
): Promise<Transformed[]> {
  const { clock, random } = options;
  const backoff = outageBackoff(random);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await invoke(lambdaArn, eventOf(records, options), options, signal);
    signal.throwIfAborted();
    const end = { attemptsMade: attempt, attemptEndingMs: clock.now() };
    if ('payload' in answer) return judge(records, answer.payload, end);
    if (attempt > numberOfRetries) return records.map(() => ({ result: 'failed', ...end, ...answer }));
    await clock.sleep(backoff.delayMs(attempt), signal);
    signal.throwIfAborted();
  }
}

/** The event, https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html */
function eventOf(records: readonly IdentifiedRecord[], options: TransformerOptions): object {
  const { deliveryStreamArn, sourceArn, region, random } = options;
  return {
    invocationId: random.uuid(),
    deliveryStreamArn,
    ...(sourceArn === undefined ? {} : { sourceKinesisStreamArn: sourceArn }),
    region,
    records: records.map(({ recordId, arrivalMs, data, origin }) => ({
      recordId,
      approximateArrivalTimestamp: arrivalMs,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      ...(origin && {
        kinesisRecordMetadata: { ...origin, subsequenceNumber: '', approximateArrivalTimestamp: arrivalMs },
      }),
    })),
  };
}

async function invoke(
  FunctionName: string,
  event: object,
  { lambda, clock }: TransformerOptions,
  signal: AbortSignal,
): Promise<{ payload: Uint8Array } | Failure> {
  const [answered, deadline] = [new AbortController(), new AbortController()];
  void clock.sleep(INVOCATION_MS, answered.signal).then(() => deadline.abort());
  try {
    const { FunctionError, Payload = new Uint8Array() } = await lambda().send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
      { abortSignal: AbortSignal.any([signal, deadline.signal]) },
    );
    return FunctionError === undefined ? { payload: Payload } : failures.functionError;
  } catch (error) {
    if (deadline.signal.aborted) return failures.timedOut;
    const name = error instanceof Error ? error.name : 'UnknownError';
    return { errorCode: refusals.get(name) ?? `Lambda.${name}`, errorMessage: sentence(error) };
  } finally {
    answered.abort();
  }
}

function judge(
  records: readonly IdentifiedRecord[],
  payload: Uint8Array,
  end: Pick<FailedRecord, 'attemptsMade' | 'attemptEndingMs'>,
): Transformed[] {
  const failed = (failure: Failure): FailedRecord => ({ result: 'failed', ...end, ...failure });
  const answer = parseAnswer(payload);
  if ('errorCode' in answer) return records.map(() => failed(answer));
  const byId = new Map(answer.records.map((record) => [record.recordId, record]));
  if (byId.size < answer.records.length) return records.map(() => failed(failures.duplicatedId));
  return records.map(({ recordId }) => {
    const record = byId.get(recordId);
    return record === undefined ? failed(failures.missingId) : transformed(record, failed);
  });
}

function transformed(record: AnsweredRecord, failed: (failure: Failure) => FailedRecord): Transformed {
  switch (record.result) {
    case 'Ok':
      return { result: 'Ok', data: Buffer.from(record.data, 'base64') };
    case 'Dropped':
      return { result: 'Dropped' };
    case 'ProcessingFailed':
      return failed(failures.processingFailed);
  }
}

function parseAnswer(payload: Uint8Array): z.infer<typeof answerSchema> | Failure {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return failures.noRecords;
  }
  if (!z.looseObject({ records: z.array(z.unknown()) }).safeParse(json).success) return failures.noRecords;
  const parsed = answerSchema.safeParse(json);
  return parsed.success ? parsed.data : failures.format;
}
