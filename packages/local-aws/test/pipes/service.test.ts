import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Json } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import type { RequestContext } from '../../src/gateway/local-service.ts';
import { unmetered } from '../../src/meter/meter.ts';
import type { PipeFaults } from '../../src/pipes/faults.ts';
import type { PipeLogRecord } from '../../src/pipes/log.ts';
import type { PipesService } from '../../src/pipes/service.ts';
import { createPipesService } from '../../src/pipes/service.ts';
import { Problems } from '../../src/problems.ts';
import { KeptLines } from '../logs/kept-lines.ts';
import { FakeQueue, FakeStream, FakeTarget, failure, fakeConnections, queueArn, streamArn, until } from './fixture.ts';

/** The sessions of pipes that were deleted. */
let deleted: string[];

const context: RequestContext = {
  region: 'us-east-1',
  accountId: '000000000000',
  requestId: 'r',
  accessKeyId: 'local',
};

let folder: string;
let clock: ManualClock;
let stream: FakeStream;
let target: FakeTarget;
let queue: FakeQueue;
let service: PipesService;
let lines: string[];
let problems: Problems;
let logs: KeptLines;

const LogConfiguration = {
  Level: 'ERROR',
  CloudwatchLogsLogDestination: {
    LogGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/pipes/p:*',
  },
};
const logged = (): PipeLogRecord[] =>
  logs.lines
    .filter(({ logGroupName }) => logGroupName === '/aws/vendedlogs/pipes/p')
    .map(({ message }) => JSON.parse(message));

function newService(faults?: PipeFaults): PipesService {
  return createPipesService({
    clients: () => createClients({ endpoint: 'http://127.0.0.1:9' }),
    clock,
    random: seededRandom(1),
    meter: unmetered,
    dataFolder: folder,
    region: 'us-east-1',
    accountId: '000000000000',
    connections: fakeConnections({ source: stream, target, queue }),
    onDeleted: ({ sessionName }) => void deleted.push(sessionName),
    log: (line) => void lines.push(line),
    problems,
    logs,
    ...(faults === undefined ? {} : { faults }),
  });
}

beforeEach(async () => {
  deleted = [];
  folder = await mkdtemp(join(tmpdir(), 'pipes-'));
  clock = new ManualClock();
  stream = new FakeStream(clock);
  target = new FakeTarget();
  queue = new FakeQueue();
  lines = [];
  logs = new KeptLines();
  problems = new Problems((line) => lines.push(line));
  service = newService();
});
afterEach(async () => {
  await stop(service);
  await rm(folder, { recursive: true });
});

async function stop(which: PipesService): Promise<void> {
  let stopped = false;
  void which.stop().then(() => {
    stopped = true;
  });
  await until(clock, () => stopped);
}

function call(operation: string, input: Record<string, unknown>): Promise<object> {
  const handler = service.operations[operation];
  if (handler === undefined) throw new Error(`no operation ${operation}`);
  return handler(input, context);
}

function pipeInput(stream: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Name: 'ingest',
    RoleArn: 'arn:aws:iam::000000000000:role/pipe',
    Source: streamArn,
    SourceParameters: {
      KinesisStreamParameters: {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 3,
        OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
        MaximumRetryAttempts: 1,
        DeadLetterConfig: { Arn: queueArn },
        ...stream,
      },
    },
    Target: 'arn:aws:states:us-east-1:000000000000:stateMachine:ingest',
    TargetParameters: { InputTemplate: '{"n": <$.data.n>, "key": <$.partitionKey>}' },
    ...more,
  };
}

async function describePipe(Name = 'ingest'): Promise<Record<string, unknown>> {
  return { ...(await call('DescribePipe', { Name })) };
}

async function create(input = pipeInput(), state = 'RUNNING'): Promise<void> {
  await call('CreatePipe', input);
  await until(clock, async () => (await describePipe()).CurrentState === state);
}

const idle = async () => (await service.pending()).length === 0;
const numbers = (elements: Json[]) => elements.map((element) => (isJsonObject(element) ? element.n : undefined));
const delivered = () => target.calls.map(numbers);

async function checkpointed(shard = 'shard-0'): Promise<unknown> {
  const text = await readFile(join(folder, 'pipes', 'ingest', 'checkpoint.json'), 'utf8');
  return JSON.parse(text).sources[streamArn].shards[shard];
}

describe('a running pipe', () => {
  it('delivers batches in order, transformed, and checkpoints them', async () => {
    for (let n = 1; n <= 7; n += 1) stream.put({ n });
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(target.calls[0]?.[0]).toEqual({ n: 1, key: 'key-1' });
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '7' });
    expect(service.checkpoints().get(streamArn)?.get('shard-0')).toBe('7');
  });

  it('waits for the batching window', async () => {
    await create(pipeInput({ MaximumBatchingWindowInSeconds: 2, BatchSize: 100 }));
    stream.put({ n: 1 });
    await clock.advance(1500);
    stream.put({ n: 2 });
    expect(delivered()).toEqual([]);
    await until(clock, idle);
    expect(delivered()).toEqual([[1, 2]]);
  });

  it('checkpoints only after the target has answered', async () => {
    stream.put({ n: 1 });
    let answer: (() => void) | undefined;
    target.behaviour = () =>
      new Promise((resolve) => {
        answer = () => resolve(undefined);
      });
    await create();
    await until(clock, () => answer !== undefined);
    expect(await checkpointed()).toEqual({ at: 'oldest' });
    expect(await service.pending()).toEqual([
      { what: 'pipe ingest', detail: '1 record behind on shard-0, 1 of them in flight' },
    ]);
    const shard = { shardId: 'shard-0', records: 1, isAtLeast: false, inFlight: 1, failedAttempts: 0 };
    expect(await service.standings()).toEqual([
      { name: 'ingest', shards: [{ ...shard, oldestArrivalMs: expect.any(Number) }] },
    ]);
    answer?.();
    await until(clock, idle);
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '1' });
  });

  it('moves the checkpoint over records that the filter drops', async () => {
    const filters = { Filters: [{ Pattern: '{"data":{"keep":[true]}}' }] };
    const input = pipeInput();
    input.SourceParameters = {
      ...(isObject(input.SourceParameters) ? input.SourceParameters : {}),
      FilterCriteria: filters,
    };
    await create(input);
    stream.put({ n: 1, keep: true });
    stream.put({ n: 2 });
    stream.put(Buffer.from('not json'));
    expect(await service.pending()).toHaveLength(1);
    await until(clock, idle);
    expect(delivered()).toEqual([[1]]);
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '3' });
    stream.put({ n: 4 });
    await until(clock, idle);
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '4' });
  });

  it('isolates a poison record, dead-letters it and continues', async () => {
    target.behaviour = (elements) => {
      if (numbers(elements).includes(2)) throw failure('customer');
      return undefined;
    };
    queue.failures = 2;
    for (let n = 1; n <= 4; n += 1) stream.put({ n });
    await create();
    await until(clock, idle);
    expect(lines).toEqual([
      'Pipe ingest: gives records up as dead letters (RetryAttemptsExhausted), 1 since the start. Repair the cause. Each message of its dead-letter queue names the shard and the sequence numbers of its records.',
    ]);
    expect(delivered()).toEqual([[1, 2, 3], [1, 2], [1], [2], [2], [3], [4]]);
    expect(queue.messages).toEqual([
      {
        context: {
          partnerResourceArn: 'arn:aws:pipes:us-east-1:000000000000:pipe/ingest',
          condition: 'RetryAttemptsExhausted',
        },
        version: '1.0',
        timestamp: expect.stringMatching(/^2026-01-01T00:00:\d\d\.\d{3}Z$/),
        KinesisBatchInfo: {
          shardId: 'shard-0',
          startSequenceNumber: '2',
          endSequenceNumber: '2',
          approximateArrivalOfFirstRecord: '2026-01-01T00:00:00.000Z',
          approximateArrivalOfLastRecord: '2026-01-01T00:00:00.000Z',
          batchSize: 1,
          streamArn,
        },
      },
    ]);
  });

  it('fails a batch whose filled template is not JSON, down to the record that breaks it', async () => {
    stream.put({ n: 'fine' });
    stream.put({ n: 'with a " in it' });
    stream.put({ n: 'fine too' });
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([['fine'], ['fine too']]);
    expect(queue.messages).toHaveLength(1);
    expect(queue.messages[0]).toMatchObject({ KinesisBatchInfo: { startSequenceNumber: '2' } });
  });

  it('says which record and placeholder make no JSON of its template, without the text', async () => {
    stream.put({ n: 'fine' });
    stream.put({ n: 'a "quoted" word' });
    const unlimited = { OnPartialBatchItemFailure: undefined, MaximumRetryAttempts: -1 };
    await create(pipeInput(unlimited, { LogConfiguration }));
    await until(clock, async () => (await describePipe()).StateReason !== undefined);
    const { CurrentState, StateReason } = await describePipe();
    expect(CurrentState).toBe('RUNNING');
    expect(StateReason).toMatch(
      /not valid JSON: <\$\.data\.n> contains a quotation mark.*Record: shard-0:2\. The pipe tries the batch again/,
    );
    await clock.advance(30_000);
    expect(lines).toEqual([`Pipe ingest: ${StateReason}`]);
    expect(problems.list).toMatchObject([{ what: 'pipe ingest', why: StateReason }]);
    const failed = logged().find(({ messageType }) => messageType === 'TARGET_TRANSFORMATION_FAILED');
    expect(failed?.error).toMatchObject({ message: 'InvalidTransformation', details: expect.stringContaining('0:2') });
    expect(JSON.stringify([lines, failed])).not.toContain('quoted');
  });

  it('takes the reason back when the record is given up', async () => {
    stream.put({ n: 'a "quoted" word' });
    await create();
    await until(clock, idle);
    expect(queue.messages).toHaveLength(1);
    expect(lines).toEqual([
      expect.stringContaining('becomes a dead letter'),
      expect.stringMatching(/^Pipe ingest: gives records up /),
    ]);
    expect((await describePipe()).StateReason).toBeUndefined();
  });

  it('retries the records that the target names and no others', async () => {
    let failures = 1;
    target.behaviour = (elements) => {
      if (!numbers(elements).includes(2) || failures === 0) return { batchItemFailures: [] };
      failures -= 1;
      return { batchItemFailures: [{ itemIdentifier: 'shard-0:2' }] };
    };
    for (let n = 1; n <= 3; n += 1) stream.put({ n });
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([[1, 2, 3], [2]]);
    expect(queue.messages).toEqual([]);
  });

  it('counts an execution that takes five minutes as failed', async () => {
    stream.put({ n: 1 });
    target.behaviour = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await create(pipeInput({ MaximumRetryAttempts: 0 }, { LogConfiguration }));
    await until(clock, () => queue.messages.length > 0, 10_000);
    expect(logged().map(({ messageType }) => messageType)).toContain('EXECUTION_TIMEOUT');
  });

  it('reads less often when no record arrives', async () => {
    await create();
    await clock.advance(2_000);
    const before = stream.reads;
    await clock.advance(10_000);
    expect(stream.reads - before).toBeLessThanOrEqual(41);
    stream.put({ n: 1 });
    await clock.advance(260);
    expect(delivered()).toEqual([[1]]);
  });

  it('renews an expired iterator and survives an unavailable source', async () => {
    await create();
    stream.readErrors.push(named('ExpiredIteratorException'), named('TimeoutError'), named('TimeoutError'));
    stream.put({ n: 1 });
    await until(clock, idle);
    expect(delivered()).toEqual([[1]]);
    expect((await describePipe()).StateReason).toBeUndefined();
  });

  it('stops with a reason after an error that is not retryable', async () => {
    stream.put({ n: 1 });
    target.behaviour = () => {
      throw failure('fatal', 'StateMachineTypeNotSupported');
    };
    await create(pipeInput(), 'STOPPED');
    expect(await describePipe()).toMatchObject({
      DesiredState: 'RUNNING',
      StateReason: 'StateMachineTypeNotSupported: it failed',
    });
    expect(await checkpointed()).toEqual({ at: 'oldest' });
    expect(await service.pending()).toHaveLength(1);
    expect(lines).toEqual([
      'pipe ingest: is STOPPED: StateMachineTypeNotSupported: it failed. Remove the cause, then restart the runtime. Nothing is lost.',
    ]);
  });

  it('says why while its target does not answer: at once in its state, after five seconds as a problem', async () => {
    stream.put({ n: 1 });
    let isAway = true;
    target.behaviour = () => {
      if (isAway) throw failure('internal', 'ServiceUnavailable');
      return undefined;
    };
    await create();
    await until(clock, async () => (await describePipe()).StateReason !== undefined);
    const reason = 'Its target or enrichment does not answer: ServiceUnavailable: it failed';
    expect(await describePipe()).toMatchObject({ CurrentState: 'RUNNING', StateReason: reason });
    expect(problems.list).toEqual([]);
    await clock.advance(6_000);
    expect(problems.list).toMatchObject([{ what: 'pipe ingest', why: reason }]);
    isAway = false;
    await until(clock, idle);
    expect((await describePipe()).StateReason).toBeUndefined();
    expect(problems.list).toEqual([]);
    expect(lines).toEqual([expect.stringContaining(reason), 'pipe ingest: works again.']);
    expect(queue.messages).toEqual([]);
  });

  it('waits with a checkpoint that cannot be written, and goes on without a redelivery when it can', async () => {
    await create();
    await until(clock, idle);
    // A folder in the place of the temporary file: it cannot be opened to write.
    const obstacle = join(folder, 'pipes', 'ingest', '.checkpoint.tmp');
    await mkdir(obstacle);
    for (let n = 1; n <= 4; n += 1) stream.put({ n });
    await until(clock, async () => String((await describePipe()).StateReason).includes('checkpoint'));
    expect(await describePipe()).toMatchObject({
      CurrentState: 'RUNNING',
      StateReason: expect.stringMatching(/^Its checkpoint cannot be written: EISDIR: /),
    });
    await until(clock, () => problems.list.length > 0);
    expect(problems.list).toMatchObject([{ what: 'pipe ingest' }]);
    expect(delivered()).toEqual([[1, 2, 3]]);
    await rmdir(obstacle);
    await until(clock, idle);
    expect(delivered()).toEqual([[1, 2, 3], [4]]);
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '4' });
    expect(problems.list).toEqual([]);
  });

  it('stops while its checkpoint cannot be written, and redelivers after a restart', async () => {
    await create();
    await until(clock, idle);
    const obstacle = join(folder, 'pipes', 'ingest', '.checkpoint.tmp');
    await mkdir(obstacle);
    stream.put({ n: 1 });
    await until(clock, async () => (await describePipe()).StateReason !== undefined);
    await stop(service);
    await rmdir(obstacle);
    service = newService();
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([[1], [1]]);
  });
});

describe('a reshard', () => {
  it('reads parents to their end before their children, and ends closed shards', async () => {
    for (let n = 1; n <= 7; n += 1) stream.put({ n });
    stream.addShard('shard-1', ['shard-0']);
    stream.addShard('shard-2', ['shard-0']);
    stream.put({ n: 10 }, 'shard-1');
    stream.put({ n: 20 }, 'shard-2');
    stream.close('shard-0');
    await create();
    await until(clock, idle);
    expect(delivered().slice(0, 3)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(delivered().slice(3).flat().sort()).toEqual([10, 20]);
    expect(await checkpointed()).toEqual({ at: 'end' });
  });

  it('reads shards that appear later from their oldest record, whatever the starting position', async () => {
    stream.put({ n: 1 });
    await create(pipeInput({ StartingPosition: 'LATEST' }));
    stream.addShard('shard-1', ['shard-0']);
    stream.put({ n: 2 }, 'shard-1');
    stream.close('shard-0');
    await until(clock, idle, 100);
    expect(delivered()).toEqual([[2]]);
  });

  it('drops a closed shard that the source no longer lists', async () => {
    await create();
    stream.addShard('shard-1', ['shard-0']);
    stream.close('shard-0');
    await until(clock, async () => isObject(await checkpointed('shard-1')), 100);
    await until(clock, async () => JSON.stringify(await checkpointed()) === '{"at":"end"}', 100);
    stream.shards.delete('shard-0');
    await until(clock, async () => (await checkpointed()) === undefined, 1000);
  });
});

describe('starting positions', () => {
  it('LATEST leaves out what is there, also after a restart before the first record', async () => {
    stream.put({ n: 1 });
    await create(pipeInput({ StartingPosition: 'LATEST' }));
    await stop(service);
    stream.put({ n: 2 });
    service = newService();
    await create(pipeInput({ StartingPosition: 'LATEST' }));
    await until(clock, idle);
    expect(delivered()).toEqual([[2]]);
  });

  it('AT_TIMESTAMP leaves out what arrived before', async () => {
    stream.put({ n: 1 });
    await clock.advance(5_000);
    stream.put({ n: 2 });
    const at = new Date(clock.now() - 1_000);
    await create(pipeInput({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: at }));
    await until(clock, idle);
    expect(delivered()).toEqual([[2]]);
  });
});

describe('stopping', () => {
  it('lets a running call finish, and checkpoints it', async () => {
    let answer: (() => void) | undefined;
    target.behaviour = () =>
      new Promise((resolve) => {
        answer = () => resolve(undefined);
      });
    stream.put({ n: 1 });
    await create();
    await until(clock, () => answer !== undefined);
    const stopped = stop(service);
    answer?.();
    await stopped;
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '1' });
  });

  it('cuts a call that outlasts the grace, without counting it or moving the checkpoint', async () => {
    target.behaviour = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    stream.put({ n: 1 });
    await create(pipeInput({ MaximumRetryAttempts: 0 }));
    await until(clock, () => target.calls.length === 1);
    const before = clock.now();
    await stop(service);
    expect(clock.now() - before).toBeLessThan(10_000);
    expect(target.calls).toHaveLength(1);
    expect(queue.messages).toEqual([]);
    expect(await checkpointed()).toEqual({ at: 'oldest' });
  });

  it('stops while dead letters cannot be sent, and sends them after the restart', async () => {
    target.behaviour = () => {
      throw failure('customer');
    };
    queue.failures = Number.POSITIVE_INFINITY;
    stream.put({ n: 1 });
    await create(pipeInput({ MaximumRetryAttempts: 0 }));
    await until(clock, async () =>
      String((await describePipe()).StateReason).startsWith('The dead-letter queue does not accept'),
    );
    await stop(service);
    expect(await checkpointed()).toEqual({ at: 'oldest' });
    queue.failures = 0;
    service = newService();
    await create(pipeInput({ MaximumRetryAttempts: 0 }));
    await until(clock, idle);
    expect(queue.messages).toHaveLength(1);
  });
});

describe('restart', () => {
  it('continues after the checkpoint and redelivers only records without an answer', async () => {
    for (let n = 1; n <= 4; n += 1) stream.put({ n });
    target.behaviour = (elements) => (numbers(elements).includes(4) ? new Promise(() => undefined) : undefined);
    await create();
    await until(clock, () => target.calls.length === 2);
    // Not stopped, like a crashed process. It writes nothing to disk any more.
    const gone = service;
    target.behaviour = () => undefined;
    service = newService();
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([[1, 2, 3], [4], [4]]);
    void gone;
  });

  it('keeps the half of a batch that was done', async () => {
    for (let n = 1; n <= 3; n += 1) stream.put({ n });
    target.behaviour = (elements) => {
      if (numbers(elements).includes(3)) throw failure('customer');
      return undefined;
    };
    await create(pipeInput({ MaximumRetryAttempts: -1 }));
    await until(clock, () => target.calls.length >= 4);
    expect(await checkpointed()).toEqual({ at: 'after', sequenceNumber: '2' });
    await stop(service);
    target.behaviour = () => undefined;
    service = newService();
    await create();
    await until(clock, idle);
    expect(delivered().at(-1)).toEqual([3]);
  });

  it('refuses a corrupt checkpoint instead of starting over', async () => {
    await create();
    await stop(service);
    await writeFile(join(folder, 'pipes', 'ingest', 'checkpoint.json'), '{');
    service = newService();
    await create(pipeInput(), 'CREATE_FAILED');
    expect((await describePipe()).StateReason).toMatch(
      /^CheckpointCorrupted: .*checkpoint\.json is not JSON\. Restore it/,
    );
    expect(delivered()).toEqual([]);
  });
});

describe('a process that crashes in any call, repeatedly', () => {
  it('loses no record, redelivers none that was answered, and dead-letters each poison record once', async () => {
    const runs = fc.record({
      records: fc.integer({ min: 1, max: 9 }),
      poison: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
      /** Calls of each process before it crashes, in the middle of the next one. */
      deaths: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ records, poison, deaths }) => {
        await rm(join(folder, 'pipes'), { recursive: true, force: true });
        stream = new FakeStream(clock);
        queue = new FakeQueue();
        const all = Array.from({ length: records }, (_, i) => i + 1);
        const answered: unknown[] = [];
        for (const n of all) stream.put({ n });
        for (const callsBefore of [...deaths, Number.POSITIVE_INFINITY]) {
          // The clock of a crashed process stops.
          clock = new ManualClock(clock.now());
          target = new FakeTarget();
          const mine = target;
          mine.behaviour = (elements) => {
            if (mine.calls.length > callsBefore) return new Promise(() => undefined);
            if (numbers(elements).some((n) => poison.some((bad) => bad === n))) throw failure('customer');
            answered.push(...numbers(elements));
            return undefined;
          };
          service = newService();
          await create();
          await until(clock, async () => mine.calls.length > callsBefore || (await idle()));
        }
        await stop(service);
        expect(answered).toEqual(all.filter((n) => !poison.includes(n)));
        expect(
          queue.messages.map(({ KinesisBatchInfo: info }) => isJsonObject(info) && info.startSequenceNumber),
        ).toEqual(all.filter((n) => poison.includes(n)).map(String));
      }),
      { numRuns: 40 },
    );
  });
});

describe('fault injection', () => {
  it('ends batches early and redelivers, as an at-least-once service may', async () => {
    let again = true;
    service = newService((batcher) => ({
      take: () => batcher.take(1),
      complete(batch) {
        if (!again) return true;
        again = false;
        batcher.putBack(batch);
        return false;
      },
      bisect: (batch) => batcher.bisect(batch),
    }));
    stream.put({ n: 1 });
    stream.put({ n: 2 });
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([[1], [1], [2]]);
  });
});

describe('the API', () => {
  it('stops, starts and deletes', async () => {
    await create();
    expect(await call('StopPipe', { Name: 'ingest' })).toMatchObject({
      CurrentState: 'STOPPING',
      DesiredState: 'STOPPED',
    });
    await until(clock, async () => (await describePipe()).CurrentState === 'STOPPED');
    stream.put({ n: 1 });
    await clock.advance(1_000);
    expect(delivered()).toEqual([]);
    expect(await service.pending()).toEqual([]);
    expect(service.checkpoints().get(streamArn)?.get('shard-0')).toBeNull();
    await expect(call('StopPipe', { Name: 'ingest' })).rejects.toMatchObject({ name: 'ConflictException' });
    await call('StartPipe', { Name: 'ingest' });
    await until(clock, () => delivered().length === 1);
    await call('DeletePipe', { Name: 'ingest' });
    await until(clock, async () => (await call('ListPipes', {})) !== undefined && (await names()).length === 0);
    await expect(call('DescribePipe', { Name: 'ingest' })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(deleted).toEqual(['ingest']);
    await create();
    await until(clock, idle);
    expect(delivered()).toEqual([[1], [1]]);
  });

  it('describes what was created', async () => {
    const input = pipeInput({}, { Description: 'd', Tags: { a: 'b' }, LogConfiguration: { Level: 'ERROR' } });
    expect(await call('CreatePipe', input)).toMatchObject({ CurrentState: 'CREATING', DesiredState: 'RUNNING' });
    expect(await describePipe()).toMatchObject({ ...input, Arn: 'arn:aws:pipes:us-east-1:000000000000:pipe/ingest' });
    await expect(call('CreatePipe', input)).rejects.toMatchObject({ name: 'ConflictException', statusCode: 409 });
  });

  it('creates a stopped pipe that waits for StartPipe', async () => {
    await create(pipeInput({}, { DesiredState: 'STOPPED' }), 'STOPPED');
    expect(await service.pending()).toEqual([]);
    await call('StartPipe', { Name: 'ingest' });
    await until(clock, async () => (await describePipe()).CurrentState === 'RUNNING');
  });

  it('lists pages in the order of names', async () => {
    for (const Name of ['c', 'a', 'b']) await call('CreatePipe', pipeInput({}, { Name }));
    expect(await call('ListPipes', { Limit: 2 })).toMatchObject({
      Pipes: [{ Name: 'a' }, { Name: 'b' }],
      NextToken: 'b',
    });
    expect(await call('ListPipes', { Limit: '2', NextToken: 'b' })).toMatchObject({ Pipes: [{ Name: 'c' }] });
  });

  it('fails creation with the reason when the queue is not there', async () => {
    queue.check = async () => {
      throw named('QueueDoesNotExist');
    };
    await create(pipeInput(), 'CREATE_FAILED');
    expect((await describePipe()).StateReason).toContain('Error occurred while sending message to SQS queue');
    expect(await service.pending()).toHaveLength(1);
  });
});

async function names(): Promise<unknown[]> {
  const answer = await call('ListPipes', {});
  return 'Pipes' in answer && Array.isArray(answer.Pipes) ? answer.Pipes : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function named(name: string): Error {
  const error = new Error('as the service says');
  error.name = name;
  return error;
}
