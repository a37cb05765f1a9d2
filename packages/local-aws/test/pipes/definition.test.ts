import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parsePipeDefinition } from '../../src/pipes/definition.ts';
import { queueArn, streamArn } from './fixture.ts';

interface Refused {
  name: string;
  source: string;
  /** Members of the input to change; null leaves one out. */
  input?: Record<string, unknown>;
  kinesis?: Record<string, unknown>;
  filters?: string[];
  expected: string;
}

const place = { region: 'us-east-1', accountId: '000000000000' };

function inputWith({ input = {}, kinesis = {}, filters }: Partial<Refused>): Record<string, unknown> {
  const parameters = {
    StartingPosition: 'TRIM_HORIZON',
    MaximumRetryAttempts: 1,
    DeadLetterConfig: { Arn: queueArn },
    ...kinesis,
  };
  return without({
    Name: 'ingest',
    RoleArn: 'arn:aws:iam::000000000000:role/pipe',
    Source: streamArn,
    SourceParameters: {
      KinesisStreamParameters: without(parameters),
      ...(filters === undefined ? {} : { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
    },
    Target: 'arn:aws:states:us-east-1:000000000000:stateMachine:ingest',
    ...input,
  });
}

function without(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

const cases: Refused[] = JSON.parse(readFileSync(new URL('cases/refused-definitions.json', import.meta.url), 'utf8'));

describe('CreatePipe refuses by name', () => {
  it.each(cases)('$name', (refused) => {
    expect(() => parsePipeDefinition(inputWith(refused), place)).toThrow(refused.expected);
    expect(() => parsePipeDefinition(inputWith(refused), place)).toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
  });
});

describe('CreatePipe bounds', () => {
  it('takes a template of 8192 characters and refuses a longer one', () => {
    const input = (length: number) => inputWith({ input: { TargetParameters: { InputTemplate: 'x'.repeat(length) } } });
    expect(() => parsePipeDefinition(input(8192), place)).not.toThrow();
    expect(() => parsePipeDefinition(input(8193), place)).toThrow(
      "Value at 'TargetParameters.InputTemplate' failed to satisfy constraint",
    );
  });
});

describe('CreatePipe defaults', () => {
  it('are those of the API, and batches of 100', () => {
    const definition = parsePipeDefinition(
      inputWith({ kinesis: { MaximumRetryAttempts: null, DeadLetterConfig: null } }),
      place,
    );
    expect(definition).toMatchObject({
      desiredState: 'RUNNING',
      source: {
        batchSize: 100,
        windowSeconds: 0,
        policy: { maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisect: false },
        deadLetterArn: undefined,
      },
      target: { kind: 'states', invocationType: 'REQUEST_RESPONSE' },
      log: { level: 'OFF', includeExecutionData: false },
    });
  });

  // The CDK's integration test of this was deployed: aws-pipes-sources-alpha/test/integ.dynamodb.ts.
  it('are batches of ten for a queue', () => {
    const Target = 'arn:aws:sqs:us-east-1:000000000000:orders.fifo';
    const parameters = { SqsQueueParameters: { MessageGroupId: '$.data.key', MessageDeduplicationId: '' } };
    expect(parsePipeDefinition(inputWith({ input: { Target, TargetParameters: parameters } }), place)).toMatchObject({
      source: { batchSize: 10 },
      target: { kind: 'sqs', messageGroupId: { name: '$.data.key' }, messageDeduplicationId: undefined },
    });
  });
});
