import { describe, expect, it } from '@jest/globals';
import { createIdleCheck, type IdleParts } from '../src/idle.ts';
import type { Pending } from '../src/lifecycle.ts';

const pending = (what: string): Pending => ({ what, detail: '1 record' });

/** Parts at rest, with what a test changes about them. */
function parts(change: Partial<IdleParts> = {}): IdleParts {
  return {
    scheduler: { inFlight: () => [] },
    pipes: { pending: async () => [], checkpoints: () => new Map() },
    states: { inFlight: () => [], executions: () => 0 },
    lambda: { inFlight: () => [] },
    firehose: { pending: async () => [] },
    ...change,
  };
}

describe('the idle check', () => {
  it('is empty when every part is idle', async () => {
    expect(await createIdleCheck(parts())()).toEqual([]);
  });

  it.each<[string, Partial<IdleParts>]>([
    ['a schedule', { scheduler: { inFlight: () => [pending('it')] } }],
    ['a pipe', { pipes: { pending: async () => [pending('it')], checkpoints: () => new Map() } }],
    ['a workflow', { states: { inFlight: () => [pending('it')], executions: () => 1 } }],
    ['a function', { lambda: { inFlight: () => [pending('it')] } }],
    ['a delivery stream', { firehose: { pending: async () => [pending('it')] } }],
  ])('names what %s still has', async (_, change) => {
    expect(await createIdleCheck(parts(change))()).toEqual([pending('it')]);
  });

  it('finds a record that moves ahead of the check', async () => {
    // The downstream pipe is asked before the upstream pipe writes, and the upstream pipe after it has written. Both
    // answer that nothing is pending.
    let checkpoint = '1';
    const moving = parts({
      pipes: {
        pending: async () => {
          checkpoint = '2';
          return [];
        },
        checkpoints: () => new Map([['stream', new Map([['shard', checkpoint]])]]),
      },
    });
    const idle = createIdleCheck(moving);
    expect(await idle()).toEqual([
      { what: 'runtime', detail: 'a pipe or a delivery stream made progress during the check' },
    ]);
    expect(await idle()).toEqual([]);
  });

  it('finds an execution that starts and ends between two checks', async () => {
    let executions = 0;
    const idle = createIdleCheck(
      parts({
        pipes: {
          pending: async () => {
            executions = 1;
            return [];
          },
          checkpoints: () => new Map(),
        },
        states: { inFlight: () => [], executions: () => executions },
      }),
    );
    expect(await idle()).not.toEqual([]);
  });

  it('checks twice: the second check finds what the first one missed', async () => {
    const looks: Pending[][] = [[], [pending('late')]];
    const idle = createIdleCheck(
      parts({ pipes: { pending: async () => looks.shift() ?? [], checkpoints: () => new Map() } }),
    );
    expect(await idle()).toEqual([pending('late')]);
  });
});
