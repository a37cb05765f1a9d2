import * as fc from 'fast-check';

/** A definition of a state machine, as far as pictures read it. */
export interface Machine {
  StartAt: string;
  States: Record<string, Record<string, unknown>>;
}

/** A scope before it is written as a definition: the types of its states, and for each more targets than it needs. */
interface Draft {
  readonly states: readonly { readonly type: string; readonly targets: readonly number[]; readonly label: string }[];
  readonly inner: Machine | undefined;
}

const types = ['Task', 'Task', 'Pass', 'Wait', 'Choice', 'Choice', 'Choice', 'Succeed', 'Fail', 'Map'];

/** State machines of one to nine states, with any loops and unreachable states. Maps run another such machine. */
export function anyMachine(depth = 1): fc.Arbitrary<Machine> {
  const state = fc.record({
    type: fc.constantFrom(...types),
    targets: fc.array(fc.nat(8), { minLength: 4, maxLength: 4 }),
    label: fc.constantFrom('left > 0', 'count(batch.tweets) > 0', '$a'),
  });
  return fc
    .record({
      states: fc.array(state, { minLength: 1, maxLength: 9 }),
      inner: depth > 0 ? anyMachine(depth - 1) : fc.constant(undefined),
    })
    .map(toMachine);
}

function toMachine({ states, inner }: Draft): Machine {
  const nameOf = (target: number) => `State${target % states.length}`;
  const entries = states.map(({ type, targets, label }, index) => {
    const [first = '', second = '', third = '', fourth = ''] = targets.map(nameOf);
    const condition = `{% ${label} %}`;
    const next = index % 4 === 3 ? { End: true } : { Next: first };
    const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: second }] };
    const bodies: Record<string, Record<string, unknown>> = {
      Task: { Resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem', ...next, ...(index % 2 === 0 ? caught : {}) },
      Choice: {
        Choices: [first, second, third].map((Next) => ({ Condition: condition, Next })),
        Default: fourth,
      },
      Map: inner === undefined ? next : { ItemProcessor: inner, MaxConcurrency: 4, ...next },
      Succeed: {},
      Fail: {},
    };
    const isEmptyMap = type === 'Map' && inner === undefined;
    return [`State${index}`, { Type: isEmptyMap ? 'Pass' : type, ...(bodies[type] ?? next) }] as const;
  });
  return { StartAt: 'State0', States: Object.fromEntries(entries) };
}
