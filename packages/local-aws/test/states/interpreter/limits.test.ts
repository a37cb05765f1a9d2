import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { TaskRunner } from '../../../src/states/integrations/integration.ts';
import { runStates, task } from '../fixture.ts';

/** JSON text of exactly `bytes` bytes in UTF-8. */
function payload(bytes: number): string {
  return 'x'.repeat(bytes - 2);
}

const KIB_256 = 262_144;
const never: TaskRunner = (call) =>
  new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(new Error('aborted'))));

function exceeded(who: string) {
  return {
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
    cause: `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  };
}

describe('256 KiB', () => {
  it.each([
    [KIB_256, 'SUCCEEDED'],
    [KIB_256 + 1, 'FAILED'],
  ] as const)('an output of %i bytes: %s', async (bytes, status) => {
    const result = await runStates({ State_1: { Type: 'Pass', Output: payload(bytes), End: true } });
    expect(result.status).toBe(status);
    if (status === 'FAILED') expect(result).toMatchObject(exceeded('State_1'));
  });

  it('counts UTF-8 bytes, not characters', async () => {
    const result = await runStates({ S: { Type: 'Pass', Output: 'é'.repeat(KIB_256 / 2), End: true } });
    expect(result).toMatchObject(exceeded('S'));
  });

  it('a task result over it fails the task, names the service and is not matched by States.ALL', async () => {
    const states = {
      T: task({
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Q' }],
        End: true,
      }),
      Q: { Type: 'Succeed' },
    };
    const result = await runStates(states, { runTask: async () => payload(KIB_256 + 1) });
    expect(result).toMatchObject(exceeded('aws-sdk:dynamodb'));
    expect(result.events().find(({ type }) => type === 'TaskFailed')?.details.error).toBe('States.DataLimitExceeded');
  });

  it('a catcher that names it catches it, as recorded on AWS', async () => {
    const states = {
      T: task({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Q' }], End: true }),
      Q: { Type: 'Succeed', Output: 'caught' },
    };
    const result = await runStates(states, { runTask: async () => payload(KIB_256 + 1) });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'caught' });
  });

  it('arguments over it are not sent', async () => {
    const states = { T: task({ Arguments: { TableName: '{% $states.input %}' }, End: true }) };
    const result = await runStates(states, { input: payload(KIB_256) });
    expect(result).toMatchObject(exceeded('T'));
    expect(result.events().some(({ type }) => type === 'TaskScheduled')).toBe(false);
  });

  it.each([
    [KIB_256, 'SUCCEEDED'],
    [KIB_256 + 1, 'FAILED'],
  ] as const)('items of a Map of %i bytes together: %s', async (bytes, status) => {
    const inner = { StartAt: 'I', States: { I: { Type: 'Pass', Output: {}, End: true } } };
    const states = { M: { Type: 'Map', Items: [1, payload(bytes - '[1,]'.length)], ItemProcessor: inner, End: true } };
    const result = await runStates(states);
    expect(result.status).toBe(status);
    if (status === 'FAILED') expect(result).toMatchObject(exceeded('M'));
  });

  it('the results of all iterations count together', async () => {
    const inner = { StartAt: 'I', States: { I: { Type: 'Pass', Output: payload(KIB_256 / 2), End: true } } };
    const result = await runStates({ M: { Type: 'Map', Items: [1, 2], ItemProcessor: inner, Output: {}, End: true } });
    expect(result).toMatchObject(exceeded('M'));
  });

  it('one Assign may hold that much but not more', async () => {
    const assign = (first: number, second: number) => ({
      A: { Type: 'Pass', Assign: { a: payload(first), b: payload(second) }, Output: {}, End: true },
    });
    expect((await runStates(assign(KIB_256 / 2, KIB_256 / 2))).status).toBe('SUCCEEDED');
    expect(await runStates(assign(KIB_256 / 2, KIB_256 / 2 + 1))).toMatchObject(exceeded('A'));
  });

  it.each([
    [40, 'SUCCEEDED'],
    [41, 'FAILED'],
  ] as const)('%i variables of 256 KiB: %s, for all together may hold 10 MiB', async (count, status) => {
    const states = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `S${index}`,
        {
          Type: 'Pass',
          Assign: { [`v${index}`]: payload(KIB_256) },
          ...(index === count - 1 ? { End: true } : { Next: `S${index + 1}` }),
        },
      ]),
    );
    const result = await runStates(states);
    expect(result.status).toBe(status);
    if (status === 'FAILED') expect(result).toMatchObject(exceeded('S40'));
  });

  it('variables of an iteration that ended no longer count', async () => {
    const inner = {
      StartAt: 'I',
      States: { I: { Type: 'Pass', Assign: { kept: payload(KIB_256) }, Output: 0, End: true } },
    };
    const result = await runStates({
      M: { Type: 'Map', Items: Array(60).fill(0), MaxConcurrency: 1, ItemProcessor: inner, End: true },
    });
    expect(result.status).toBe('SUCCEEDED');
  });
});

describe('timeouts', () => {
  it('TimeoutSeconds of the machine ends the execution as TIMED_OUT', async () => {
    const clock = new ManualClock();
    const aborted: boolean[] = [];
    const running = runStates(
      { T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Q' }], End: true }), Q: { Type: 'Succeed' } },
      {
        clock,
        members: { TimeoutSeconds: 240 },
        runTask: (call) => never(call).finally(() => aborted.push(call.signal.aborted)),
      },
    );
    await clock.advance(239_999);
    expect(aborted).toEqual([]);
    await clock.advance(1);
    const result = await running;
    expect(result).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(aborted).toEqual([true]);
    expect(result.events().at(-1)?.type).toBe('ExecutionTimedOut');
    expect(clock.sleeping).toBe(0);
  });

  it.each([undefined, 3_600])(
    'no Express execution outlives five minutes, TimeoutSeconds %p',
    async (TimeoutSeconds) => {
      const clock = new ManualClock();
      const members = TimeoutSeconds === undefined ? {} : { TimeoutSeconds };
      const running = runStates({ W: { Type: 'Wait', Seconds: 301, End: true } }, { clock, members });
      await clock.advance(300_000);
      expect(await running).toMatchObject({ status: 'TIMED_OUT', stopMs: clock.now() });
    },
  );

  it('TimeoutSeconds of a task fails the task, can be retried and caught', async () => {
    const clock = new ManualClock();
    let calls = 0;
    const running = runStates(
      {
        T: task({
          TimeoutSeconds: '{% 2 + 3 %}',
          Retry: [
            { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 9 },
            { ErrorEquals: ['States.Timeout'], MaxAttempts: 1 },
          ],
          Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Q' }],
          End: true,
        }),
        Q: { Type: 'Succeed' },
      },
      {
        clock,
        runTask: (call) => {
          calls += 1;
          return never(call);
        },
      },
    );
    await clock.advance(20_000);
    const result = await running;
    expect(calls).toBe(2);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout' } });
    expect(result.stopMs - result.startMs).toBe(5_000 + 1_000 + 5_000);
    expect(result.events().filter(({ type }) => type === 'TaskTimedOut')).toHaveLength(2);
  });

  it('a task that answers in time leaves no timer behind', async () => {
    const clock = new ManualClock();
    const running = runStates(
      { T: task({ TimeoutSeconds: 5, Next: 'W' }), W: { Type: 'Wait', Seconds: 1, End: true } },
      { clock },
    );
    await clock.advance(0);
    // The wait and the end of the execution.
    expect(clock.sleeping).toBe(2);
    await clock.advance(1_000);
    await running;
    expect(clock.sleeping).toBe(0);
  });
});

describe('stopping', () => {
  it('ends waits, retries and tasks as ABORTED, even a task that ignores its signal', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
    const running = runStates(
      {
        P: {
          Type: 'Parallel',
          Branches: [
            branch('Wait', { Type: 'Wait', Seconds: 100, End: true }),
            branch('Deaf', task({ End: true })),
            branch(
              'Retry',
              task({
                Arguments: { TableName: 'fails' },
                Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 100 }],
                End: true,
              }),
            ),
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Q' }],
          End: true,
        },
        Q: { Type: 'Succeed' },
      },
      { clock, signal: stop.signal, runTask: () => new Promise(() => {}) },
    );
    await clock.advance(1_000);
    stop.abort();
    const result = await running;
    expect(result).toMatchObject({ status: 'ABORTED' });
    expect(result.events().at(-1)?.type).toBe('ExecutionAborted');
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });
});
