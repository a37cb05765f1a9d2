import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { exponentialBackoff } from '../../../src/pipes/backoff.ts';
import type { DeliveryFailure } from '../../../src/pipes/errors.ts';
import { firehoseTarget } from '../../../src/pipes/targets/firehose-target.ts';
import { kinesisTarget } from '../../../src/pipes/targets/kinesis-target.ts';
import { parsePathParameter } from '../../../src/pipes/targets/path-parameter.ts';
import { sqsTarget } from '../../../src/pipes/targets/sqs-target.ts';
import { stateMachineTarget } from '../../../src/pipes/targets/state-machine-target.ts';
import type { Target } from '../../../src/pipes/targets/target.ts';
import { readCases, until } from '../fixture.ts';

const signal = new AbortController().signal;
const config = {
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
};

/** What the clients were asked, and what they answer in turn: an output, or an error to throw, or one by the input. */
let requests: unknown[];
let answers: (object | Error | ((input: unknown) => object | Error))[];

beforeEach(() => {
  requests = [];
  answers = [];
});

async function answer(input: unknown) {
  requests.push(input);
  const given = answers.shift();
  const next = typeof given === 'function' ? given(input) : given;
  if (next === undefined || next instanceof Error) throw next ?? new Error('no answer is left');
  return { output: { $metadata: {}, ...next }, response: {} };
}

const answering = () => (call: { input: unknown }) => answer(call.input);
const first = { step: 'initialize', priority: 'high' } as const;

/** Is called in JSON, past the SDK's middleware. */
function sfn(): SFNClient {
  const handle: SFNClient['config']['requestHandler']['handle'] = async ({ body }) => {
    const { statusCode = 200, ...output } = await answer(
      JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)),
    ).then(
      ({ output: { $metadata: _, ...members } }): Record<string, unknown> => members,
      (error) => refusalOf(error),
    );
    const text = Buffer.from(JSON.stringify(output));
    return { response: new HttpResponse({ statusCode: Number(statusCode), headers: {}, body: text }) };
  };
  return new SFNClient({ ...config, requestHandler: { handle } });
}

/** What a service answers for an error with a status. Throws others, as a connection does. */
function refusalOf(error: unknown): Record<string, unknown> {
  const { name, message, $metadata } = Object(error);
  if ($metadata === undefined) throw error;
  return { statusCode: $metadata.httpStatusCode, __type: name, message };
}

function firehose(): FirehoseClient {
  const client = new FirehoseClient(config);
  client.middlewareStack.add(answering, first);
  return client;
}

function kinesis(): KinesisClient {
  const client = new KinesisClient(config);
  client.middlewareStack.add(answering, first);
  return client;
}

function sqs(): SQSClient {
  const client = new SQSClient(config);
  client.middlewareStack.add(answering, first);
  return client;
}

const element = (text: string, event: Json = null) => ({ text, event });

/** A target's end: its answer or its failure, if it has one. */
async function endOf(target: Target, clock: ManualClock, elements: Parameters<Target['deliver']>[0]): Promise<object> {
  let end: object | undefined;
  void target.deliver(elements, signal).then(
    (given) => {
      end = given === undefined ? {} : { answer: given };
    },
    ({ kind, name }: DeliveryFailure) => {
      end = { failure: { kind, name } };
    },
  );
  await until(clock, () => end !== undefined);
  return Object(end);
}

const requested = (member: string) => requests.map((request) => (isRecord(request) ? request[member] : undefined));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function named(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('as the service says'), { name, $metadata: { httpStatusCode } });
}

describe('a workflow that is waited for', () => {
  const deliver = (elements: string[]) =>
    stateMachineTarget(sfn, 'machine-arn', 'REQUEST_RESPONSE').deliver(
      elements.map((text) => element(text)),
      signal,
    );

  it('gets the batch as a JSON list, also a single record, and its output is the answer', async () => {
    answers = [{ status: 'SUCCEEDED', output: '{"batchItemFailures":[]}' }];
    expect(await deliver(['{"n":1}'])).toEqual({ batchItemFailures: [] });
    expect(requested('input')).toEqual(['[{"n":1}]']);
    expect(requested('stateMachineArn')).toEqual(['machine-arn']);
  });

  it.each(['FAILED', 'TIMED_OUT'])('that ended as %s is a customer error with its name and cause', async (status) => {
    answers = [{ status, error: 'States.Timeout', cause: 'too slow' }];
    await expect(deliver(['1'])).rejects.toMatchObject({
      kind: 'customer',
      name: 'States.Timeout',
      message: 'too slow',
    });
  });

  it('is not called with more than 262,144 characters', async () => {
    answers = [{ status: 'SUCCEEDED' }];
    await deliver([`"${'é'.repeat(262_144 - 4)}"`]);
    await expect(deliver([`"${'é'.repeat(262_144 - 3)}"`])).rejects.toMatchObject({
      kind: 'customer',
      name: 'PayloadTooLarge',
    });
    expect(requests).toHaveLength(1);
  });

  it('that cannot be reached is an internal failure, which is not counted', async () => {
    answers = [Object.assign(new Error('socket hang up'), { name: 'TimeoutError' })];
    await expect(deliver(['1'])).rejects.toMatchObject({ kind: 'internal', name: 'TimeoutError' });
  });

  it('that is a Standard workflow stops the pipe', async () => {
    answers = [named('StateMachineTypeNotSupported', 400)];
    await expect(deliver(['1'])).rejects.toMatchObject({ kind: 'fatal' });
  });
});

describe('a workflow that is not waited for', () => {
  it('is done when it has started', async () => {
    answers = [{ executionArn: 'e' }];
    expect(
      await stateMachineTarget(sfn, 'machine-arn', 'FIRE_AND_FORGET').deliver([element('1'), element('2')], signal),
    ).toBeUndefined();
    expect(requested('input')).toEqual(['[1,2]']);
  });
});

/** What Firehose answers to one call: which of its records it took, or an error. */
type FirehoseAnswer = { taken: boolean[]; failedPutCount?: number } | { error: string; status: number };

interface FirehoseCase {
  /** JSON texts, long ones in short. */
  elements: (string | { repeat: string; times: number })[];
  answers: FirehoseAnswer[];
}

function firehoseAnswer(given: FirehoseAnswer): object | Error {
  if ('error' in given) return named(given.error, given.status);
  const failed = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'slow down' };
  return {
    FailedPutCount: given.failedPutCount ?? given.taken.filter((isTaken) => !isTaken).length,
    RequestResponses: given.taken.map((isTaken, index) => (isTaken ? { RecordId: String(index) } : failed)),
  };
}

/** A long one by its length. */
function sentText(record: unknown): string | number {
  const text = Buffer.from(isRecord(record) && record.Data instanceof Uint8Array ? record.Data : []).toString();
  return text.length > 100 ? text.length : text;
}

describe('Firehose', () => {
  const cases = readCases<FirehoseCase, { sent: unknown[]; failure?: object }>(
    new URL('cases/firehose.json', import.meta.url),
  );
  it.each(cases)('$name', async ({ input, expected }) => {
    answers = input.answers.map(firehoseAnswer);
    const clock = new ManualClock();
    const backoff = exponentialBackoff(seededRandom(1), 100, 500);
    const target = firehoseTarget({ client: firehose, deliveryStreamName: 'd', clock, backoff });
    const elements = input.elements.map((given) =>
      element(typeof given === 'string' ? given : given.repeat.repeat(given.times)),
    );
    const end = await endOf(target, clock, elements);
    const calls = requested('Records').map((records) => (Array.isArray(records) ? records.map(sentText) : []));
    expect({ sent: calls, ...end }).toEqual(expected);
  });
});

interface KinesisCase {
  partitionKey: string;
  /** The event of each element. Its text is its member `text`, repeated `times` times. */
  events: ({ text: string; times?: number } & Record<string, Json>)[];
  /** What Kinesis answers to each call: for each record an error code, or null for one that it accepts; or an error. */
  answers: ((string | null)[] | { error: string; status: number })[];
}

function kinesisAnswer(given: KinesisCase['answers'][number]): object | Error {
  if (!Array.isArray(given)) return named(given.error, given.status);
  return {
    FailedRecordCount: given.filter((code) => code !== null).length,
    Records: given.map((code) =>
      code === null ? { SequenceNumber: '1', ShardId: 'shardId-0' } : { ErrorCode: code, ErrorMessage: 'slow down' },
    ),
  };
}

describe('Kinesis', () => {
  const cases = readCases<KinesisCase, { sent: unknown[]; failure?: object }>(
    new URL('cases/kinesis.json', import.meta.url),
  );
  it.each(cases)('$name', async ({ input, expected }) => {
    answers = input.answers.map(kinesisAnswer);
    const clock = new ManualClock();
    const target = kinesisTarget({
      client: kinesis,
      streamArn: 'stream-arn',
      partitionKey: parsePathParameter(input.partitionKey),
      clock,
      backoff: exponentialBackoff(seededRandom(1), 100, 500),
    });
    const elements = input.events.map((event) => element(event.text.repeat(event.times ?? 1), event));
    const end = await endOf(target, clock, elements);
    const sent = requested('Records').map((records) =>
      (Array.isArray(records) ? records : []).map((record) => `${Object(record).PartitionKey}=${sentText(record)}`),
    );
    expect({ sent, ...end }).toEqual(expected);
    expect(new Set(requested('StreamARN'))).toEqual(new Set(sent.length === 0 ? [] : ['stream-arn']));
  });
});

interface SqsCase {
  messageGroupId?: string;
  messageDeduplicationId?: string;
  /** The event of each element. Its text is its member `text`, repeated `times` times. */
  events: ({ text: string; times?: number } & Record<string, Json>)[];
  /**
   * What SQS answers to each call: for each message null if it is accepted, an error code of its own fault, or
   * `sender:` and an error code; or an error.
   */
  answers: ((string | null)[] | { error: string; status: number })[];
}

function entriesOf(asked: unknown): Record<string, unknown>[] {
  const entries = isRecord(asked) ? asked.Entries : undefined;
  return Array.isArray(entries) ? entries : [];
}

/** Its text, a long one by its length, then its group and its deduplication id. */
function sentMessage({ MessageBody, MessageGroupId, MessageDeduplicationId }: Record<string, unknown>): string {
  const body = String(MessageBody);
  return [body.length > 100 ? body.length : body, MessageGroupId, MessageDeduplicationId].filter(Boolean).join(' ');
}

function sqsAnswer(given: SqsCase['answers'][number], asked: unknown): object | Error {
  if (!Array.isArray(given)) return named(given.error, given.status);
  const ids = entriesOf(asked).map(({ Id }) => Id);
  const entries = given.map((code, index) => ({ Id: ids[index], code }));
  return {
    Successful: entries.filter(({ code }) => code === null),
    Failed: entries.flatMap(({ Id, code }) =>
      code === null ? [] : { Id, SenderFault: code.startsWith('sender:'), Code: code.replace('sender:', '') },
    ),
  };
}

describe('SQS', () => {
  const cases = readCases<SqsCase, { sent: unknown[]; answer?: object; failure?: object }>(
    new URL('cases/sqs.json', import.meta.url),
  );
  it.each(cases)('$name', async ({ input, expected }) => {
    const clock = new ManualClock();
    const { messageGroupId: group, messageDeduplicationId: deduplication } = input;
    answers = input.answers.map((given) => (asked: unknown) => sqsAnswer(given, asked));
    const target = sqsTarget({
      client: sqs,
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:orders.fifo',
      messageGroupId: group === undefined ? undefined : parsePathParameter(group),
      messageDeduplicationId: deduplication === undefined ? undefined : parsePathParameter(deduplication),
      clock,
      backoff: exponentialBackoff(seededRandom(1), 100, 500),
    });
    const elements = input.events.map((event) => element(event.text.repeat(event.times ?? 1), event));
    const end = await endOf(target, clock, elements);
    const sent = requests.flatMap((asked) => {
      const entries = entriesOf(asked);
      return entries.length === 0 ? [] : [entries.map(sentMessage)];
    });
    expect({ sent, ...end }).toEqual(expected);
    if (sent.length > 0) expect(answers).toEqual([]);
    const url = 'https://sqs.us-east-1.amazonaws.com/000000000000/orders.fifo';
    expect(new Set(requested('QueueUrl'))).toEqual(new Set(sent.length === 0 ? [] : [url]));
  });
});
