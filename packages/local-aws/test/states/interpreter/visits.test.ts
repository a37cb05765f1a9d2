import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { StateError } from '../../../src/states/errors.ts';
import type { StateVisit } from '../../../src/states/interpreter/thread.ts';
import { runStates, task } from '../fixture.ts';

async function visits(states: Record<string, unknown>) {
  const seen: StateVisit[] = [];
  const clock = new ManualClock();
  const execution = runStates(states, {
    clock,
    input: 7,
    onVisit: (visit) => seen.push(visit),
    runTask: async () => {
      throw new StateError('Broken', 'as told');
    },
  });
  await clock.advance(10_000);
  await execution;
  return seen.map(({ state, ...visit }) => ({ state: state.name, ...visit }));
}

describe('onVisit', () => {
  it('tells input, visible variables, result and exit of every state, inner states before the outer one', async () => {
    const inner = {
      StartAt: 'I',
      States: { I: { Type: 'Pass', Assign: { b: 2 }, Next: 'J' }, J: { Type: 'Succeed' } },
    };
    const states = {
      P: { Type: 'Pass', Assign: { a: 1 }, Next: 'M' },
      M: { Type: 'Map', Items: ['x'], ItemProcessor: inner, Output: 'out', Next: 'S' },
      S: { Type: 'Succeed' },
    };
    expect(await visits(states)).toEqual([
      { state: 'P', input: 7, variables: {}, next: 'M' },
      { state: 'I', input: 'x', variables: { a: 1 }, next: 'J' },
      { state: 'J', input: 'x', variables: { a: 1, b: 2 } },
      { state: 'M', input: 7, variables: { a: 1 }, result: ['x'], next: 'S' },
      { state: 'S', input: 'out', variables: { a: 1 } },
    ]);
  });

  it('tells the error of an Output with what the state got, before a retry', async () => {
    const states = {
      P: { Type: 'Pass', Assign: { a: 1 }, Next: 'M' },
      M: {
        Type: 'Map',
        Items: ['x'],
        ItemProcessor: { StartAt: 'S', States: { S: { Type: 'Succeed' } } },
        Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
        Assign: { a: 2 },
        Output: "{% $states.context.State.RetryCount = 0 ? $error('no') : 'out' %}",
        End: true,
      },
    };
    const retried = { state: 'M', input: 7, variables: { a: 1 }, result: ['x'] };
    expect((await visits(states)).filter(({ state }) => state === 'M')).toEqual([
      { ...retried, error: 'States.QueryEvaluationError' },
      retried,
    ]);
  });

  it('tells the error that a catcher takes, and the Fail state', async () => {
    const states = {
      T: task({ Catch: [{ ErrorEquals: ['Broken'], Next: 'F' }], Next: 'F' }),
      F: { Type: 'Fail' },
    };
    const errorOutput = { Error: 'Broken', Cause: 'as told' };
    expect(await visits(states)).toEqual([
      { state: 'T', input: 7, variables: {}, errorOutput, next: 'F' },
      { state: 'F', input: errorOutput, variables: {} },
    ]);
  });
});
