import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { Pending } from '@tweet-pipes/local-aws';
import { type IdleWait, untilIdle } from '../../src/runtime/until-idle.ts';

let clock: ManualClock;
let pending: Pending[] | undefined;
let stopped: AbortController;
beforeEach(() => {
  clock = new ManualClock();
  pending = [{ what: 'pipe Ingest', detail: '3 records behind' }];
  stopped = new AbortController();
});

interface Wait {
  /** `idle`, or the error that ended it; undefined while it goes on. */
  end?: unknown;
  ended: Promise<void>;
}

function wait(onPending: (pending: readonly Pending[]) => void = () => {}, options: Partial<IdleWait> = {}): Wait {
  const waiting: Wait = {
    ended: untilIdle(async () => pending, { clock, signal: stopped.signal, onPending, ...options }).then(
      () => {
        waiting.end = 'idle';
      },
      (error: unknown) => {
        waiting.end = error;
      },
    ),
  };
  return waiting;
}

describe('waiting until a runtime is idle', () => {
  it('ends when nothing is pending, and tells what was', async () => {
    const told: string[] = [];
    const waiting = wait((parts) => told.push(...parts.map(({ what }) => what)));
    await clock.advance(200);
    expect(waiting.end).toBeUndefined();
    pending = [];
    await clock.advance(200);
    await waiting.ended;
    expect(waiting.end).toBe('idle');
    expect(new Set(told)).toEqual(new Set(['pipe Ingest']));
  });

  it('goes on while the work changes, and fails when it has not changed for five minutes', async () => {
    const waiting = wait();
    await clock.advance(299_000);
    pending = [{ what: 'pipe Ingest', detail: '2 records behind' }];
    await clock.advance(299_000);
    expect(waiting.end).toBeUndefined();
    await clock.advance(2_000);
    await waiting.ended;
    expect(waiting.end).toMatchObject({
      name: 'CliError',
      exitCode: 2,
      message: 'Nothing has moved for 300 s. Pending:\n  pipe Ingest: 2 records behind',
    });
  });

  it('says for what it waits after five seconds, and then once a minute', async () => {
    const lines: string[] = [];
    const waiting = wait(undefined, { log: (line) => lines.push(line) });
    await clock.advance(4_900);
    expect(lines).toEqual([]);
    await clock.advance(60_000);
    expect(lines).toEqual(['Waiting for pipe Ingest (3 records behind).']);
    await clock.advance(5_000);
    expect(lines).toHaveLength(2);
    pending = [];
    await clock.advance(200);
    await waiting.ended;
  });

  it('gives up after another time where it is told so', async () => {
    const waiting = wait(undefined, { timeoutSeconds: 10 });
    await clock.advance(10_400);
    await waiting.ended;
    expect(waiting.end).toMatchObject({ message: expect.stringContaining('Nothing has moved for 10 s.') });
  });

  it('asks again where the runtime does not answer, and ends when it is told to', async () => {
    pending = undefined;
    const waiting = wait();
    await clock.advance(400_000);
    expect(waiting.end).toBeUndefined();
    stopped.abort();
    await waiting.ended;
    expect(waiting.end).toBe('idle');
  });
});
