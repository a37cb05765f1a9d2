import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { createFaults, type Faults } from '../../src/faults/create-faults.ts';
import { unmetered } from '../../src/meter/meter.ts';
import { Batcher } from '../../src/pipes/batcher.ts';
import { createPipesService, type PipesService } from '../../src/pipes/service.ts';
import {
  FakeQueue,
  FakeStream,
  FakeTarget,
  failure,
  fakeConnections,
  queueArn,
  streamArn,
  until,
} from '../pipes/fixture.ts';

const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'local' };
const targetArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:w';

let folder: string;
let clock: ManualClock;
let stream: FakeStream;
let target: FakeTarget;
let pipes: PipesService;
let faults: Faults;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipe-faults-'));
  clock = new ManualClock();
  stream = new FakeStream(clock);
  target = new FakeTarget();
});
afterEach(async () => {
  let stopped = false;
  void pipes.stop().then(() => {
    stopped = true;
  });
  await until(clock, () => stopped);
  await rm(folder, { recursive: true });
});

/** Runs `records` records through a pipe under these faults; the numbers of each call of the target. */
async function deliver(spec: string, records: number): Promise<number[][]> {
  faults = createFaults(spec, { clock, log: () => {} });
  pipes = createPipesService({
    clients: () => createClients({ endpoint: 'http://127.0.0.1:9' }),
    clock,
    random: seededRandom(1),
    meter: unmetered,
    dataFolder: folder,
    region: 'us-east-1',
    accountId: '000000000000',
    connections: fakeConnections({ source: stream, target, queue: new FakeQueue() }),
    faults: faults.pipes,
  });
  faults.start({ pipes: ['ingest'], functions: [] });
  for (let n = 1; n <= records; n += 1) stream.put({ n });
  await pipes.operations.CreatePipe?.(
    {
      Name: 'ingest',
      RoleArn: 'arn:aws:iam::000000000000:role/pipe',
      Source: streamArn,
      SourceParameters: {
        KinesisStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          MaximumRetryAttempts: 2,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: queueArn },
        },
      },
      Target: targetArn,
      TargetParameters: {
        InputTemplate: '{"n": <$.data.n>}',
        StepFunctionStateMachineParameters: { InvocationType: 'REQUEST_RESPONSE' },
      },
    },
    context,
  );
  await until(clock, async () => (await pipes.pending()).length === 0);
  return target.calls.map((call) =>
    call.map((element) =>
      typeof element === 'object' && element !== null && 'n' in element ? Number(element.n) : NaN,
    ),
  );
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('a pipe under faults', () => {
  it('redelivers a batch before its checkpoint, once even at a rate of 100%', async () => {
    const calls = await deliver('pipe.*:redeliver=100%', 20);
    expect(calls).toEqual([range(1, 10), range(1, 10), range(11, 20), range(11, 20)]);
    expect(faults.counts()).toEqual({ redeliver: 2 });
    expect(pipes.checkpoints().get(streamArn)?.get('shard-0')).toBe('20');
  });

  it('ends batches early, in order and without a gap', async () => {
    const calls = await deliver('pipe.ing*:cut-batch=100%', 20);
    expect(calls.flat()).toEqual(range(1, 20));
    expect(calls.length).toBeGreaterThan(2);
    expect(faults.counts()).toEqual({ 'cut-batch': calls.length - 1 });
  });

  it('redelivers records in other batches, with records that follow', async () => {
    const calls = await deliver('pipe.*:cut-batch=50%,pipe.*:redeliver=50%,seed=2', 40);
    const firstTimes = new Set<number>();
    for (const call of calls) {
      // Each delivery is a piece of the stream that leaves no gap behind what came before.
      expect(call).toEqual(range(call[0] ?? 0, (call[0] ?? 0) + call.length - 1));
      expect((call[0] ?? 0) - 1).toBeLessThanOrEqual(firstTimes.size);
      for (const n of call) firstTimes.add(n);
    }
    expect([...firstTimes]).toEqual(range(1, 40));
    const starts = calls.filter((call, index) => calls.slice(0, index).some((other) => other[0] === call[0]));
    expect(starts.length).toBe(faults.counts().redeliver);
    expect(starts.some((again) => calls.some((call) => call[0] === again[0] && call.length !== again.length))).toBe(
      true,
    );
  });

  it('swaps the halves of a failed batch', async () => {
    target.behaviour = (elements) => {
      if (elements.length > 2) throw failure('customer');
      return undefined;
    };
    const calls = await deliver('pipe.*:swap-halves=100%', 4);
    expect(calls).toEqual([range(1, 4), [3, 4], [1, 2]]);
    expect(faults.counts()).toEqual({ 'swap-halves': 1 });
  });

  it('does nothing for another pipe, nor after fault injection has stopped', async () => {
    expect(() =>
      createFaults('pipe.other:redeliver=1%', { clock, log: () => {} }).start({ pipes: ['ingest'], functions: [] }),
    ).toThrow('pipe.other:redeliver matches no pipe of the stack. Available: ingest.');
    const stopped = createFaults('pipe.*:redeliver=100%', { clock, log: () => {} });
    stopped.start({ pipes: ['ingest'], functions: [] });
    const isRedelivered = (shardId: string) => {
      const batcher = new Batcher({ batchSize: 10, windowSeconds: 0 });
      return !stopped.pipes(batcher, 'ingest', shardId).complete([]);
    };
    expect(isRedelivered('shard-0')).toBe(true);
    stopped.stop();
    expect(isRedelivered('shard-1')).toBe(false);
    expect(await deliver('pipe.*:redeliver=0.001%', 10)).toEqual([range(1, 10)]);
  });
});
