import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import { unmetered } from '../../src/meter/meter.ts';
import type { Connections } from '../../src/pipes/connections.ts';
import { type PipeDefinition, parsePipeDefinition, parsePipeUpdate } from '../../src/pipes/definition.ts';
import { createPipesService, type PipesService } from '../../src/pipes/service.ts';
import cases from './cases/updates.json' with { type: 'json' };
import { FakeQueue, FakeStream, FakeTarget, failure, queueArn, streamArn, until } from './fixture.ts';

const place = { region: 'us-east-1', accountId: '000000000000' };
const RoleArn = 'arn:aws:iam::000000000000:role/pipe';
const stateMachine = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

describe('UpdatePipe', () => {
  const before = {
    Name: 'ingest',
    RoleArn,
    Source: streamArn,
    SourceParameters: {
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"n":[1]}}' }] },
      KinesisStreamParameters: {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 5,
        MaximumRetryAttempts: 1,
        DeadLetterConfig: { Arn: queueArn },
      },
    },
    Enrichment: 'arn:aws:lambda:us-east-1:000000000000:function:enrich',
    EnrichmentParameters: { InputTemplate: '{"id": <$.eventID>}' },
    Target: stateMachine('ingest'),
    TargetParameters: {
      InputTemplate: '{"n": <$.data.n>}',
      StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' },
    },
    LogConfiguration: { Level: 'TRACE', IncludeExecutionData: ['ALL'] },
  };
  const updated = (input: object): PipeDefinition =>
    parsePipeUpdate({ Name: 'ingest', RoleArn, ...input }, parsePipeDefinition(before, place).request, place);

  it.each(cases.changes)('$name', ({ input, expected }) => {
    const { request } = updated(input);
    expect(JSON.parse(JSON.stringify(request))).toEqual(
      Object.fromEntries(Object.entries({ ...before, ...expected }).filter(([, value]) => value !== null)),
    );
  });

  it.each(cases.refused)('refuses $name', ({ input, expected }) => {
    const given = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, value ?? undefined]));
    expect(() => updated(given)).toThrow(
      expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(expected) }),
    );
  });
});

let folder: string;
let clock: ManualClock;
let stream: FakeStream;
/** By the name of the target. */
let targets: Record<string, FakeTarget>;
let queues: Record<string, FakeQueue>;
let service: PipesService;

beforeEach(begin);
afterEach(end);

async function begin(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'pipes-'));
  clock = new ManualClock();
  stream = new FakeStream(clock);
  targets = { ingest: new FakeTarget(), other: new FakeTarget() };
  queues = { 'dead-letters': new FakeQueue() };
  const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
  const connections: Connections = {
    source: () => stream,
    enrichment: () => undefined,
    target: ({ target: { arn } }) => targets[nameOf(arn)] ?? new FakeTarget(),
    deadLetters: ({ source: { deadLetterArn } }) =>
      deadLetterArn === undefined ? undefined : (queues[nameOf(deadLetterArn)] ?? missingQueue),
  };
  service = createPipesService({
    ...place,
    clients: () => createClients({ endpoint: 'http://127.0.0.1:9' }),
    clock,
    random: seededRandom(1),
    meter: unmetered,
    dataFolder: folder,
    connections,
  });
}

async function end(): Promise<void> {
  let isStopped = false;
  void service.stop().then(() => {
    isStopped = true;
  });
  await until(clock, () => isStopped);
  await rm(folder, { recursive: true });
}

const missingQueue = Object.assign(new FakeQueue(), {
  check: async () => {
    throw Object.assign(new Error('The specified queue does not exist.'), { name: 'QueueDoesNotExist' });
  },
});

async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const run = service.operations[operation];
  if (run === undefined) throw new Error(`no operation ${operation}`);
  return { ...(await run(input, { ...place, requestId: 'r', accessKeyId: 'local' })) };
}

const describePipe = () => call('DescribePipe', { Name: 'ingest' });
const state = (wanted: string) => until(clock, async () => (await describePipe()).CurrentState === wanted);
const idle = () => until(clock, async () => (await service.pending()).length === 0);

async function create(parameters: object = {}, wanted = 'RUNNING'): Promise<void> {
  await call('CreatePipe', {
    Name: 'ingest',
    RoleArn,
    Source: streamArn,
    SourceParameters: { KinesisStreamParameters: { StartingPosition: 'TRIM_HORIZON', ...parameters } },
    Target: stateMachine('ingest'),
    TargetParameters: { InputTemplate: '{"n": <$.data.n>}' },
  });
  await state(wanted);
}

async function update(input: object, wanted = 'RUNNING'): Promise<void> {
  const answer = await call('UpdatePipe', { Name: 'ingest', RoleArn, ...input });
  expect(answer.CurrentState).toBe('UPDATING');
  await state(wanted);
}

const numbers = (elements: Json[]) =>
  elements.map((element) => (isJsonObject(element) ? Number(element.n) : undefined));
const delivered = (name: string) => targets[name]?.calls.map(numbers);

describe('a pipe that is updated', () => {
  it('goes to its new target, with its new template, filter and batch size, where it was', async () => {
    for (let n = 1; n <= 3; n += 1) stream.put({ n });
    await create({ BatchSize: 2 });
    await idle();
    await update({
      Target: stateMachine('other'),
      TargetParameters: { InputTemplate: '{"n": <$.data.m>}' },
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"data":{"m":[{"exists":true}]}}' }] },
        KinesisStreamParameters: { BatchSize: 3 },
      },
    });
    for (let m = 4; m <= 7; m += 1) stream.put({ m });
    stream.put({ n: 8 });
    await idle();
    expect(delivered('ingest')).toEqual([[1, 2], [3]]);
    expect(delivered('other')).toEqual([[4, 5, 6], [7]]);
    expect(await describePipe()).toMatchObject({
      Target: stateMachine('other'),
      SourceParameters: { KinesisStreamParameters: { BatchSize: 3, StartingPosition: 'TRIM_HORIZON' } },
    });
  });

  it('lets a running call end, and tries its batch again by the new definition', async () => {
    stream.put({ n: 1 });
    const gate = Promise.withResolvers<void>();
    const { ingest: old, other } = targets;
    if (old === undefined || other === undefined) throw new Error('no target');
    old.behaviour = async () => {
      await gate.promise;
      throw failure('customer');
    };
    await create();
    await until(clock, () => old.calls.length === 1);
    await update({ Target: stateMachine('other') });
    expect(other.calls).toEqual([]);
    gate.resolve();
    await idle();
    expect([old.calls.length, delivered('other')]).toEqual([1, [[1]]]);
  });

  it('counts the retries before the update too', async () => {
    stream.put({ n: 1 });
    for (const target of Object.values(targets)) {
      target.behaviour = () => {
        throw failure('customer');
      };
    }
    await create();
    await until(clock, () => (targets.ingest?.calls.length ?? 0) >= 3);
    await update({
      Target: stateMachine('other'),
      SourceParameters: {
        KinesisStreamParameters: { MaximumRetryAttempts: 5, DeadLetterConfig: { Arn: queueArn } },
      },
    });
    await idle();
    const attempts = Object.values(targets).reduce((sum, { calls }) => sum + calls.length, 0);
    expect([attempts, queues['dead-letters']?.messages.length]).toEqual([6, 1]);
  });

  it('splits a batch that it tries again when its batches become smaller', async () => {
    for (let n = 1; n <= 5; n += 1) stream.put({ n });
    const { ingest } = targets;
    if (ingest === undefined) throw new Error('no target');
    ingest.behaviour = (elements) => {
      if (elements.length > 2) throw failure('customer');
      return undefined;
    };
    await create({ BatchSize: 10 });
    await until(clock, () => ingest.calls.length > 1);
    await update({ SourceParameters: { KinesisStreamParameters: { BatchSize: 2 } } });
    await idle();
    expect(delivered('ingest')?.filter(({ length }) => length <= 2)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('tries records again whose dead-letter queue does not take them, when it is left without one', async () => {
    stream.put({ n: 1 });
    const { ingest } = targets;
    const queue = queues['dead-letters'];
    if (ingest === undefined || queue === undefined) throw new Error('no target');
    ingest.behaviour = () => {
      throw failure('customer');
    };
    queue.failures = Number.POSITIVE_INFINITY;
    await create({ MaximumRetryAttempts: 0, DeadLetterConfig: { Arn: queueArn } });
    await until(clock, async () => String((await describePipe()).StateReason).includes('does not accept the message'));
    await update({ SourceParameters: { KinesisStreamParameters: {} } });
    ingest.behaviour = () => undefined;
    await idle();
    expect([delivered('ingest')?.at(-1), queue.messages]).toEqual([[1], []]);
  });

  it('goes on as it was when its new dead-letter queue does not exist', async () => {
    await create();
    const parameters = { MaximumRetryAttempts: 1, DeadLetterConfig: { Arn: queueArn.replace('dead', 'no') } };
    await update(
      { Target: stateMachine('other'), SourceParameters: { KinesisStreamParameters: parameters } },
      'UPDATE_FAILED',
    );
    expect((await describePipe()).StateReason).toMatch(/sending message to SQS queue .*:no-letters.*does not exist/);
    stream.put({ n: 1 });
    await idle();
    expect([delivered('ingest'), delivered('other')]).toEqual([[[1]], []]);
    await update({ Target: stateMachine('other') });
    stream.put({ n: 2 });
    await idle();
    expect(delivered('other')).toEqual([[2]]);
  });

  it('stops and starts as it is desired', async () => {
    await create();
    await update({ DesiredState: 'STOPPED' }, 'STOPPED');
    stream.put({ n: 1 });
    await update({ Target: stateMachine('other') }, 'STOPPED');
    await update({ DesiredState: 'RUNNING' });
    await idle();
    expect([delivered('ingest'), delivered('other')]).toEqual([[], [[1]]]);
  });

  it('starts again after an error that stopped it', async () => {
    stream.put({ n: 1 });
    const { ingest } = targets;
    if (ingest === undefined) throw new Error('no target');
    ingest.behaviour = () => {
      throw failure('fatal', 'StateMachineTypeNotSupported');
    };
    await create({}, 'STOPPED');
    await update({ Target: stateMachine('other') });
    await idle();
    expect(delivered('other')).toEqual([[1]]);
  });

  it('keeps its tags, which have operations of their own', async () => {
    const resourceArn = 'arn:aws:pipes:us-east-1:000000000000:pipe/ingest';
    await create();
    await call('TagResource', { resourceArn, tags: { a: '1', b: '2' } });
    await update({ Description: 'x' });
    await call('UntagResource', { resourceArn, tagKeys: ['a'] });
    expect(await call('ListTagsForResource', { resourceArn })).toEqual({ tags: { b: '2' } });
    expect(await describePipe()).toMatchObject({ Description: 'x', Tags: { b: '2' } });
    await expect(call('TagResource', { resourceArn: `${resourceArn}s`, tags: {} })).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('cannot be changed while it changes', async () => {
    const gate = Promise.withResolvers<void>();
    queues.slow = Object.assign(new FakeQueue(), { check: () => gate.promise });
    await create();
    const DeadLetterConfig = { Arn: queueArn.replace('dead-letters', 'slow') };
    const SourceParameters = { KinesisStreamParameters: { MaximumRetryAttempts: 1, DeadLetterConfig } };
    const input = { Name: 'ingest', RoleArn, SourceParameters };
    await call('UpdatePipe', input);
    for (const operation of ['UpdatePipe', 'StopPipe', 'StartPipe', 'DeletePipe']) {
      await expect(call(operation, input)).rejects.toMatchObject({ name: 'ConflictException' });
    }
    gate.resolve();
    await state('RUNNING');
  });
});

describe('while records flow', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), records: fc.integer({ min: 1, max: 7 }) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 400 }) }),
    fc.record({
      kind: fc.constant('update' as const),
      target: fc.constantFrom('ingest', 'other'),
      batchSize: fc.integer({ min: 1, max: 6 }),
      windowSeconds: fc.constantFrom(0, 1),
      bisect: fc.boolean(),
      desired: fc.constantFrom('RUNNING', 'RUNNING', 'STOPPED'),
    }),
  );

  it('each record is accepted once and in order, however often the pipe is updated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.integer({ min: 2, max: 9 }), async (steps, failEvery) => {
        await end();
        await begin();
        const accepted: (number | undefined)[] = [];
        let calls = 0;
        for (const target of Object.values(targets)) {
          target.behaviour = (elements) => {
            calls += 1;
            if (calls % failEvery === 0) throw failure('customer');
            accepted.push(...numbers(elements));
            return undefined;
          };
        }
        await create({ BatchSize: 3 });
        let put = 0;
        for (const each of steps) {
          if (each.kind === 'put') for (let i = 0; i < each.records; i += 1) stream.put({ n: ++put });
          else if (each.kind === 'advance') await clock.advance(each.ms);
          else {
            const { target, batchSize: BatchSize, windowSeconds: MaximumBatchingWindowInSeconds, bisect } = each;
            const OnPartialBatchItemFailure = bisect ? 'AUTOMATIC_BISECT' : undefined;
            await update(
              {
                Target: stateMachine(target),
                DesiredState: each.desired,
                SourceParameters: {
                  KinesisStreamParameters: { BatchSize, MaximumBatchingWindowInSeconds, OnPartialBatchItemFailure },
                },
              },
              each.desired,
            );
          }
        }
        await update({ DesiredState: 'RUNNING' });
        await idle();
        expect(accepted).toEqual(Array.from({ length: put }, (_, index) => index + 1));
      }),
      { numRuns: 15, seed: 15 },
    );
  });
});
