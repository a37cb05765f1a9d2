import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import fc from 'fast-check';
import { StateError } from '../../../src/states/errors.ts';
import { runStates, task } from '../fixture.ts';

const tasks = (members: object = {}) => ({
  StartAt: 'T',
  States: {
    T: task({
      Arguments: { TableName: '{% $string($states.input) %}' },
      Output: '{% $states.input %}',
      End: true,
      ...members,
    }),
  },
});

/** Runs a Map whose tasks take one second each; tells how many ran at once. */
async function mostAtOnce(items: number, maxConcurrency: unknown): Promise<{ most: number; output: unknown }> {
  const clock = new ManualClock();
  let now = 0;
  let most = 0;
  const states = {
    M: {
      Type: 'Map',
      Items: `{% [0..${items - 1}] %}`,
      MaxConcurrency: maxConcurrency,
      ItemProcessor: tasks(),
      End: true,
    },
  };
  const running = runStates(states, {
    clock,
    runTask: async () => {
      now += 1;
      most = Math.max(most, now);
      await clock.sleep(1_000);
      now -= 1;
      return {};
    },
  });
  await clock.advance(200_000);
  return { most, output: (await running).output };
}

describe('Map', () => {
  it.each([
    [1, 1],
    [3, 3],
    [0, 40],
    [100, 40],
    ['{% 1 + 1 %}', 2],
  ])('with MaxConcurrency %p runs %i iterations at once, and keeps the order of results', async (asked, most) => {
    const result = await mostAtOnce(90, asked);
    expect(result.most).toBe(most);
    expect(result.output).toEqual(Array.from({ length: 90 }, (_, index) => index));
  });

  it('stops the other iterations when one fails, and fails with the first error', async () => {
    const clock = new ManualClock();
    const stopped: string[] = [];
    const states = {
      M: {
        Type: 'Map',
        Items: [1, 2, 3],
        ItemProcessor: tasks(),
        Catch: [{ ErrorEquals: ['E'], Next: 'Q' }],
        End: true,
      },
      Q: { Type: 'Succeed' },
    };
    const running = runStates(states, {
      clock,
      runTask: async (call) => {
        const name = String(call.arguments.TableName);
        await clock.sleep(name === '2' ? 1_000 : 9_000, call.signal);
        if (call.signal.aborted) stopped.push(name);
        if (name === '2') throw new StateError('E', 'two');
        return {};
      },
    });
    await clock.advance(2_000);
    expect(await running).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'E', Cause: 'two' } });
    expect(stopped).toEqual(['1', '3']);
  });

  it('starts no further iteration after a failure', async () => {
    const called: unknown[] = [];
    const states = { M: { Type: 'Map', Items: [1, 2, 3, 4], MaxConcurrency: 1, ItemProcessor: tasks(), End: true } };
    await runStates(states, {
      runTask: async (call) => {
        called.push(call.arguments.TableName);
        if (call.arguments.TableName === '2') throw new StateError('E');
        return {};
      },
    });
    expect(called).toEqual(['1', '2']);
  });

  it('returns what Array.map returns, for any items and any concurrency', async () => {
    const anything = fc.record({ items: fc.array(fc.jsonValue(), { maxLength: 8 }), lanes: fc.nat(9) });
    await fc.assert(
      fc.asyncProperty(anything, async ({ items, lanes }) => {
        const inner = {
          StartAt: 'I',
          States: { I: { Type: 'Pass', Output: { item: '{% $states.input %}' }, End: true } },
        };
        const states = {
          M: {
            Type: 'Map',
            Items: '{% $states.input.items %}',
            MaxConcurrency: lanes,
            ItemProcessor: inner,
            End: true,
          },
        };
        const { output } = await runStates(states, { input: { items: JSON.parse(JSON.stringify(items)) } });
        expect(output).toEqual(JSON.parse(JSON.stringify(items.map((item) => ({ item })))));
      }),
      { numRuns: 50 },
    );
  });
});
