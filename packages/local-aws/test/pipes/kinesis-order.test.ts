import { KinesisClient } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import { unmetered } from '../../src/meter/meter.ts';
import { retryBackoff } from '../../src/pipes/backoff.ts';
import type { ShardPosition, ShardPositions } from '../../src/pipes/checkpoint.ts';
import { execute, type Stages } from '../../src/pipes/execution.ts';
import { PipeLog } from '../../src/pipes/log.ts';
import { ShardWorker } from '../../src/pipes/shard-worker.ts';
import { kinesisTarget } from '../../src/pipes/targets/kinesis-target.ts';
import { parsePathParameter } from '../../src/pipes/targets/path-parameter.ts';
import { FakeStream, noVariables, streamArn } from './fixture.ts';

/** What happens to one PutRecords. `mask`: which of its records fail, by the bits of a number. */
type Fate =
  | { is: 'accepted' | 'throttled' | 'unreachable' | 'answer lost' | 'killed before' | 'killed after' }
  | { is: 'partial'; mask: number; applied: number }
  /** The caller loses the answer, and the call is carried out when that many others have been made. */
  | { is: 'late'; calls: number };

/** A change of a key, as it is in a record. */
type Change = `${string}:${number}`;

/** Time that passes with the work. A wait longer than any between two attempts is never over. */
class WorkingClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve());
      if (ms > 60_000) return;
      this.#now += ms;
      setImmediate(resolve);
    });
  }
}

/** The positions that outlive a kill. */
class Positions implements ShardPositions {
  readonly isNew = false;
  readonly durable = new Map<string, ShardPosition>();

  get(shardId: string): ShardPosition | undefined {
    return this.durable.get(shardId);
  }

  async set(changes: Iterable<readonly [string, ShardPosition | undefined]>): Promise<void> {
    for (const [shardId, position] of changes) if (position !== undefined) this.durable.set(shardId, position);
  }
}

/** A stream that fails by a schedule, and then no more. */
class FailingStream {
  readonly written: Change[] = [];
  onKill: () => void = () => {};
  readonly #fates: Fate[];
  readonly #late: { records: readonly Change[]; calls: number }[] = [];

  constructor(fates: readonly Fate[]) {
    this.#fates = [...fates];
  }

  /** Results in the order of the records: whether each was accepted. Throws what the caller sees. */
  put(records: readonly Change[]): boolean[] {
    const fate: Fate = this.#fates.shift() ?? { is: 'accepted' };
    try {
      return this.#meet(fate, records);
    } finally {
      for (const late of this.#late) if (late.calls-- === 0) this.written.push(...late.records);
    }
  }

  #meet(fate: Fate, records: readonly Change[]): boolean[] {
    switch (fate.is) {
      case 'accepted':
        this.written.push(...records);
        return records.map(() => true);
      case 'throttled':
        throw error('ProvisionedThroughputExceededException', 400);
      case 'unreachable':
        throw error('TimeoutError', undefined);
      case 'answer lost':
        this.written.push(...records);
        throw error('TimeoutError', undefined);
      case 'late':
        this.#late.push({ records, calls: fate.calls });
        throw error('TimeoutError', undefined);
      case 'partial': {
        const fails = (index: number) => ((fate.mask >> index) & 1) === 1;
        this.written.push(...records.filter((_, index) => !fails(index) || ((fate.applied >> index) & 1) === 1));
        return records.map((_, index) => !fails(index));
      }
      case 'killed after':
        this.written.push(...records);
        this.onKill();
        throw error('AbortError', undefined);
      case 'killed before':
        this.onKill();
        throw error('AbortError', undefined);
    }
  }
}

function error(name: string, httpStatusCode: number | undefined): Error {
  return Object.assign(new Error('as scheduled'), { name, $metadata: { httpStatusCode } });
}

function clientOf(stream: FailingStream): KinesisClient {
  const client = new KinesisClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        const given: unknown = Object(input).Records;
        const changes = (Array.isArray(given) ? given : []).map(({ Data }) =>
          changeOf(JSON.parse(Buffer.from(Data).toString())),
        );
        const Records = stream
          .put(changes)
          .map((isAccepted) =>
            isAccepted
              ? { SequenceNumber: '1' }
              : { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: '' },
          );
        return { output: { $metadata: {}, Records }, response: {} };
      },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

function changeOf(event: Json): Change {
  if (!isJsonObject(event)) throw new Error('no event');
  const body: unknown = JSON.parse(Buffer.from(String(event.data), 'base64').toString());
  return `${Object(body).key}:${Object(body).n}`;
}

interface Run {
  keys: readonly string[];
  batchSize: number;
  bisect: boolean;
  fates: readonly Fate[];
}

/** Carries a change of each key in turn through the pipe, with the kills, to its end. */
async function run({ keys, batchSize, bisect, fates }: Run): Promise<FailingStream> {
  const clock = new WorkingClock();
  const source = new FakeStream(clock);
  for (const [index, key] of keys.entries()) source.put({ key, n: index });
  source.close('shard-0');
  const target = new FailingStream(fates);
  const client = clientOf(target);
  const random = seededRandom(1);
  const stages: Stages = {
    meter: unmetered,
    target: {
      call: kinesisTarget({
        client: () => client,
        streamArn,
        partitionKey: parsePathParameter('$.data.key'),
        clock,
        backoff: retryBackoff(random),
      }),
      template: undefined,
    },
    variables: noVariables,
    clock,
    random,
    log: new PipeLog({ resourceArn: 'pipe-arn', level: 'OFF', includeExecutionData: false }),
  };
  const checkpoint = new Positions();
  for (;;) {
    const ended = new AbortController();
    target.onKill = () => ended.abort();
    const worker = new ShardWorker({
      source: {
        stream: source,
        shardId: 'shard-0',
        isClosed: () => true,
        checkpoint,
        filter: () => true,
        report: () => {},
      },
      policy: {
        limits: { batchSize, windowSeconds: 0 },
        retry: { maximumRetryAttempts: 1, maximumRecordAgeSeconds: -1, bisect },
        retryBackoff: retryBackoff(random),
        readBackoff: retryBackoff(random),
      },
      sink: {
        onProblem: () => {},
        attempt: (records, signal) => execute(records, stages, signal),
        sendDeadLetter: async () => {
          throw new Error('No change may become a dead letter: none of these failures counts.');
        },
      },
      clock,
    });
    const result = await worker.run(ended.signal, ended.signal);
    if (result === 'shard-ended') return target;
    if (result !== 'stopped') throw result;
  }
}

/** The changes of each key in the order in which they were first written. */
function byKey(changes: readonly Change[]): Record<string, Change[]> {
  const order: Record<string, Change[]> = {};
  for (const change of new Set(changes)) {
    const [key = ''] = change.split(':');
    order[key] = [...(order[key] ?? []), change];
  }
  return order;
}

const fate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constantFrom<Fate>(
    { is: 'accepted' },
    { is: 'throttled' },
    { is: 'unreachable' },
    { is: 'answer lost' },
    { is: 'killed before' },
    { is: 'killed after' },
  ),
  fc.record({ is: fc.constant('partial' as const), mask: fc.nat(255), applied: fc.nat(255) }),
  fc.record({ is: fc.constant('late' as const), calls: fc.nat(4) }),
);

describe('a pipe into a Kinesis stream', () => {
  it('writes every change, and those of a key in order, whatever fails, is throttled or is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          keys: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 20 }),
          batchSize: fc.integer({ min: 1, max: 8 }),
          bisect: fc.boolean(),
          fates: fc.array(fate, { maxLength: 20 }),
        }),
        async (input) => {
          const { written } = await run(input);
          expect(byKey(written)).toEqual(byKey(input.keys.map((key, n): Change => `${key}:${n}`)));
        },
      ),
      { numRuns: 200 },
    );
  });
});
