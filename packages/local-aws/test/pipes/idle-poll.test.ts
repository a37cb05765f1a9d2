import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { Checkpoint } from '../../src/pipes/checkpoint.ts';
import { type IdlePoll, ShardWorker } from '../../src/pipes/shard-worker.ts';
import { FakeStream, streamArn, until } from './fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'idle-poll-'));
afterAll(() => rm(folder, { recursive: true }));

/** GetRecords calls of a shard that holds nothing, in ten seconds. */
async function readsInTenSeconds(idlePoll?: IdlePoll): Promise<number> {
  const clock = new ManualClock();
  const stream = new FakeStream(clock);
  const stop = new AbortController();
  const worker = new ShardWorker({
    source: {
      stream,
      shardId: 'shard-0',
      checkpoint: await Checkpoint.open(join(folder, `${idlePoll?.shortestMs ?? 'default'}.json`), streamArn),
      filter: () => true,
      isClosed: () => false,
      report: () => {},
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
  await until(clock, () => stream.reads > 0, 0);
  await clock.advance(9_999);
  const { reads } = stream;
  stop.abort();
  await ended;
  return reads;
}

it('reads an idle shard at the given interval', async () => {
  expect(await readsInTenSeconds({ shortestMs: 1_000, longestMs: 1_000, gapMs: 200 })).toBe(10);
});

it('reads it at a growing default interval', async () => {
  expect(await readsInTenSeconds()).toBeGreaterThan(40);
});
