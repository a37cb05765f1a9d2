import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import { unmetered } from '../../src/meter/meter.ts';
import type { Outcome } from '../../src/pipes/delivery.ts';
import type { Enrichment } from '../../src/pipes/enrichment/enrichment.ts';
import { execute } from '../../src/pipes/execution.ts';
import { type LogLevel, PipeLog, type PipeLogRecord } from '../../src/pipes/log.ts';
import { compileTemplate } from '../../src/pipes/template/input-template.ts';
import { FakeTarget, failure, noVariables, readCases, recordOf } from './fixture.ts';

interface Input {
  answer?: Json;
  error?: 'customer' | 'internal';
  maximumElements?: number;
  template?: string;
  enrichmentTemplate?: string;
}

interface Ran {
  outcome: Outcome;
  target: FakeTarget;
  requests: Json[];
  /** The lines of the log, parsed. */
  log: PipeLogRecord[];
}

async function run(
  input: Input,
  level: LogLevel = 'OFF',
  includeExecutionData = false,
  target = new FakeTarget(),
): Promise<Ran> {
  const requests: Json[] = [];
  const call: Enrichment = {
    service: 'lambda',
    async invoke(payload) {
      requests.push(JSON.parse(payload));
      if (input.error !== undefined) throw failure(input.error);
      return input.answer ?? null;
    },
  };
  target.maximumElements = input.maximumElements ?? target.maximumElements;
  const log: PipeLogRecord[] = [];
  const template = (text: string | undefined) => (text === undefined ? undefined : compileTemplate(text));
  const outcome = await execute(
    [recordOf(1), recordOf(2)],
    {
      ...('answer' in input || 'error' in input
        ? { enrichment: { call, template: template(input.enrichmentTemplate) } }
        : {}),
      meter: unmetered,
      target: { call: target, template: template(input.template) },
      variables: noVariables,
      clock: new ManualClock(),
      random: seededRandom(1),
      log: new PipeLog({
        resourceArn: 'pipe-arn',
        level,
        includeExecutionData,
        deliver: (line) => log.push(JSON.parse(line)),
      }),
    },
    new AbortController().signal,
  );
  return { outcome, target, requests, log };
}

describe('an enrichment', () => {
  const cases = readCases<Input, { target: Json[][]; failure?: string }>(
    new URL('cases/enrichment.json', import.meta.url),
  );
  it.each(cases)('$name', async ({ input, expected }) => {
    const { outcome, target } = await run(input);
    expect(target.calls).toEqual(expected.target);
    if (expected.failure === undefined) expect(outcome).toEqual({ result: 'succeeded' });
    else expect(outcome).toMatchObject({ result: 'failed', failure: { name: expected.failure, kind: 'customer' } });
  });

  it('gets the events as a list, through its own template', async () => {
    const { requests } = await run({ answer: [], enrichmentTemplate: '{"n": <$.data.n>}' });
    expect(requests).toEqual([[{ n: 1 }, { n: 2 }]]);
  });

  it('gets whole events without a template, data in base64', async () => {
    const { requests } = await run({ answer: [] });
    expect(requests).toMatchObject([[{ data: 'eyJuIjoxfQ==' }, { data: 'eyJuIjoyfQ==' }]]);
  });

  it('that is unavailable is an internal failure', async () => {
    const { outcome } = await run({ error: 'internal' });
    expect(outcome).toMatchObject({ result: 'failed', failure: { kind: 'internal' } });
  });
});

describe('the pipe log', () => {
  const types = (log: readonly PipeLogRecord[]) => log.map(({ messageType }) => messageType);

  it('holds at INFO the stages, without data', async () => {
    const { log } = await run({ answer: [1] }, 'INFO');
    expect(types(log)).toEqual([
      'EXECUTION_STARTED',
      'ENRICHMENT_STAGE_ENTERED',
      'ENRICHMENT_STAGE_SUCCEEDED',
      'TARGET_STAGE_ENTERED',
      'TARGET_STAGE_SUCCEEDED',
      'EXECUTION_SUCCEEDED',
    ]);
    expect(log.every((record) => !('payload' in record) && record.executionId === log[0]?.executionId)).toBe(true);
  });

  it('holds at TRACE the transformations and invocations, with data when asked for', async () => {
    const { log } = await run({ template: '{"n": <$.data.n>}' }, 'TRACE', true);
    expect(types(log)).toEqual([
      'EXECUTION_STARTED',
      'TARGET_STAGE_ENTERED',
      'TARGET_TRANSFORMATION_STARTED',
      'TARGET_TRANSFORMATION_SUCCEEDED',
      'TARGET_INVOCATION_STARTED',
      'TARGET_INVOCATION_SUCCEEDED',
      'TARGET_STAGE_SUCCEEDED',
      'EXECUTION_SUCCEEDED',
    ]);
    expect(log[4]).toMatchObject({
      logLevel: 'TRACE',
      resourceArn: 'pipe-arn',
      awsRequest: '[{"n":1},{"n":2}]',
    });
  });

  it('holds at ERROR only what failed, with the error', async () => {
    const target = new FakeTarget();
    target.behaviour = () => {
      throw failure('customer');
    };
    const { log } = await run({}, 'ERROR', false, target);
    expect(types(log)).toEqual(['TARGET_INVOCATION_FAILED', 'TARGET_STAGE_FAILED', 'EXECUTION_FAILED']);
    expect(log[2]?.error).toEqual({
      message: 'Boom',
      details: 'it failed',
      awsService: 'states',
      requestId: '',
    });
  });

  it('tells a partial failure from a whole one', async () => {
    const target = new FakeTarget();
    target.behaviour = () => ({ batchItemFailures: [{ itemIdentifier: 'shard-0:2' }] });
    const { log, outcome } = await run({}, 'ERROR', false, target);
    expect(outcome).toMatchObject({ result: 'partially-failed', failedIds: new Set(['shard-0:2']) });
    expect(types(log)).toEqual(['TARGET_STAGE_PARTIALLY_FAILED', 'EXECUTION_PARTIALLY_FAILED']);
  });

  it('calls it whole when every record is reported', async () => {
    const target = new FakeTarget();
    target.behaviour = () => ({
      batchItemFailures: [{ itemIdentifier: 'shard-0:1' }, { itemIdentifier: 'shard-0:2' }],
    });
    const { log, outcome } = await run({}, 'ERROR', false, target);
    expect(outcome).toMatchObject({ result: 'failed', failure: { kind: 'customer', name: 'BatchItemFailures' } });
    expect(types(log)).toEqual(['TARGET_STAGE_FAILED', 'EXECUTION_FAILED']);
  });

  it('truncates the payload first, at 256 KB', () => {
    const lines: PipeLogRecord[] = [];
    const deliver = (line: string) => lines.push(JSON.parse(line));
    const log = new PipeLog({ resourceArn: 'a', level: 'TRACE', includeExecutionData: true, deliver });
    log.write(3, 'e', 'TARGET_INVOCATION_SUCCEEDED', {
      payload: () => 'p'.repeat(200_000),
      awsResponse: () => 'r'.repeat(100_000),
    });
    expect(lines).toMatchObject([{ timestamp: 3, truncatedFields: ['payload'] }]);
    expect(lines[0]?.payload).toHaveLength(256 * 1024 - 100_000);
    expect(lines[0]?.awsResponse).toHaveLength(100_000);
  });
});
