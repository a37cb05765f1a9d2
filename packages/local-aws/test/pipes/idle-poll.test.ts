import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { Checkpoint } from '../../src/pipes/checkpoint.ts';
import { type IdlePoll, ShardWorker } from '../../src/pipes/shard-worker.ts';
import { SourceWrites } from '../../src/pipes/source-writes.ts';
import { FakeStream, streamArn, until } from './fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'idle-poll-'));
afterAll(() => rm(folder, { recursive: true }));

let made = 0;

interface Polling {
  readonly idlePoll?: IdlePoll;
  readonly writes?: SourceWrites;
}

/** Runs the worker of a shard that holds nothing. */
async function runWorker({ idlePoll, writes }: Polling) {
  const clock = new ManualClock();
  const stream = new FakeStream(clock);
  const stop = new AbortController();
  const worker = new ShardWorker({
    source: {
      stream,
      shardId: 'shard-0',
      checkpoint: await Checkpoint.open(join(folder, `${++made}.json`), streamArn),
      filter: () => true,
      isClosed: () => false,
      report: () => {},
      ...(writes && { writes }),
    },
    policy: {
      limits: { batchSize: 10, windowSeconds: 0 },
      retry: { maximumRetryAttempts: 0, maximumRecordAgeSeconds: -1, bisect: false },
      retryBackoff: { delayMs: () => 1 },
      readBackoff: { delayMs: () => 1 },
      ...(idlePoll && { idlePoll }),
    },
    sink: {
      attempt: async () => ({ result: 'succeeded' }),
      sendDeadLetter: async () => true,
      onProblem: () => {},
    },
    clock,
  });
  const ended = worker.run(stop.signal, stop.signal);
  const end = () => {
    stop.abort();
    return ended;
  };
  return { clock, stream, end };
}

/** The GetRecords calls of a shard that holds nothing, in ten seconds, and in the moment after a write that follows. */
async function readsOf(polling: Polling = {}): Promise<{ inTenSeconds: number; afterWrite: number }> {
  const { clock, stream, end } = await runWorker(polling);
  await until(clock, () => stream.reads > 0, 0);
  await clock.advance(9_999);
  const inTenSeconds = stream.reads;
  polling.writes?.note();
  await clock.advance(0);
  const afterWrite = stream.reads - inTenSeconds;
  await end();
  return { inTenSeconds, afterWrite };
}

it('reads an idle shard at the given interval', async () => {
  const idlePoll = { shortestMs: 1_000, longestMs: 1_000, gapMs: 200 };
  expect(await readsOf({ idlePoll, writes: new SourceWrites() })).toEqual({ inTenSeconds: 10, afterWrite: 0 });
});

it('reads it at a growing default interval', async () => {
  expect((await readsOf()).inTenSeconds).toBeGreaterThan(40);
});

it('reads it seldom where it is told of writes, and at once after one', async () => {
  const { inTenSeconds, afterWrite } = await readsOf({ writes: new SourceWrites() });
  expect(inTenSeconds).toBeLessThan(15);
  expect(afterWrite).toBe(1);
});

it('reads again after a write during the read', async () => {
  const early = new (class extends SourceWrites {
    override get count(): number {
      // As if one came between each look and the wait that follows.
      return this.#looks++;
    }
    #looks = 0;
  })();
  expect((await readsOf({ writes: early })).inTenSeconds).toBeGreaterThan(40);
});

it('reads nothing before readers may begin', async () => {
  const loaded = Promise.withResolvers<void>();
  const { clock, stream, end } = await runWorker({ writes: new SourceWrites(loaded.promise) });
  await clock.advance(10_000);
  expect(stream.reads).toBe(0);
  loaded.resolve();
  await until(clock, () => stream.reads > 0, 0);
  await end();
});

it('can be stopped before readers may begin', async () => {
  const { stream, end } = await runWorker({ writes: new SourceWrites(new Promise(() => {})) });
  expect(await end()).toBe('stopped');
  expect(stream.reads).toBe(0);
});
