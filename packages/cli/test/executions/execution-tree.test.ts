import { describe, expect, it } from '@jest/globals';
import type { ExecutionTree, StateRun } from '@tweet-pipes/console/api';
import { isJsonObject, type JsonObject } from '@tweet-pipes/kit/json';
import { StateError } from '@tweet-pipes/local-aws/states/errors';
import fc from 'fast-check';
import { buildExecutionTree } from '../../src/executions/execution-tree.ts';
import type { LoggedEvent } from '../../src/executions/log-event.ts';
import { runWorkflow, task } from './run-workflow.ts';

const build = (events: readonly LoggedEvent[]) => buildExecutionTree(events, (events.at(-1)?.atMs ?? 0) + 1);

/** `Store succeeded`, and indented what is inside. */
function outline({ states }: Pick<ExecutionTree, 'states'>, indent = ''): string[] {
  return states.flatMap((run) => [
    `${indent}${run.name} ${run.status}${run.error === undefined ? '' : ` ${run.error}`}`,
    ...run.iterations.flatMap((iteration) => [
      `${indent}  #${iteration.index}${iteration.attempt > 0 ? ` retry ${iteration.attempt}` : ''} ${iteration.status}`,
      ...outline(iteration, `${indent}    `),
    ]),
  ]);
}

function placed({ states, events }: Pick<ExecutionTree, 'states' | 'events'>): number[] {
  const own = (run: StateRun): number[] => [...run.events, ...run.iterations.flatMap(placed)];
  return [...events, ...states.flatMap(own)];
}

/** Fails the calls whose turn it is, with the error. */
function failing(turns: readonly number[], error = 'DynamoDb.ThrottlingException') {
  let turn = 0;
  return async () => {
    if (turns.includes(turn++)) throw new StateError(error, 'slow down');
    return {};
  };
}

const items: JsonObject = { Items: [1, 2], MaxConcurrency: 1 };
const each = (states: JsonObject): JsonObject => ({
  ItemProcessor: { StartAt: Object.keys(states)[0], States: states },
});

describe('the tree of an execution', () => {
  it('has the states in their order, with their times and events', async () => {
    const events = await runWorkflow({
      states: { First: { Type: 'Pass', Next: 'Second' }, Second: task({ Next: 'Last' }), Last: { Type: 'Succeed' } },
    });
    const tree = build(events);
    expect(outline(tree)).toEqual(['First succeeded', 'Second succeeded', 'Last succeeded']);
    expect(tree).toMatchObject({ status: 'succeeded', startMs: events[0]?.atMs, endMs: events.at(-1)?.atMs });
    expect(tree.states[1]).toMatchObject({ type: 'Task', events: [4, 5, 6, 7, 8], exitId: 8 });
    expect(tree.states[1]?.attempts).toEqual([
      { scheduledId: 5, scheduledMs: events[4]?.atMs, startedMs: events[5]?.atMs, endMs: events[6]?.atMs, endId: 7 },
    ]);
  });

  it('shows retries as attempts of their task', async () => {
    const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3 }];
    const tree = build(
      await runWorkflow({ states: { Call: task({ Retry: retry, End: true }) }, runTask: failing([0, 1]) }),
    );
    expect(outline(tree)).toEqual(['Call succeeded']);
    expect(tree.states[0]?.attempts.map(({ error }) => error)).toEqual([
      'DynamoDb.ThrottlingException',
      'DynamoDb.ThrottlingException',
      undefined,
    ]);
  });

  it('shows a caught error at the state that failed', async () => {
    const tree = build(
      await runWorkflow({
        states: {
          Call: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mend' }], End: true }),
          Mend: { Type: 'Pass', End: true },
        },
        runTask: failing([0]),
      }),
    );
    expect(outline(tree)).toEqual(['Call caught DynamoDb.ThrottlingException', 'Mend succeeded']);
    expect(tree.status).toBe('succeeded');
  });

  it('puts iterations inside their Map, also of Maps in Maps', async () => {
    const inner = { Type: 'Map', ...items, ...each({ Leaf: task({ End: true }) }), End: true };
    const tree = build(
      await runWorkflow({ states: { Outer: { Type: 'Map', Items: [1], ...each({ Inner: inner }), End: true } } }),
    );
    expect(outline(tree)).toEqual([
      'Outer succeeded',
      '  #0 succeeded',
      '    Inner succeeded',
      '      #0 succeeded',
      '        Leaf succeeded',
      '      #1 succeeded',
      '        Leaf succeeded',
    ]);
  });

  it('shows where a failure inside of Maps came from, and what it stopped', async () => {
    const inner = { Type: 'Map', ...items, ...each({ Leaf: task({ End: true }) }), End: true };
    const tree = build(
      await runWorkflow({
        states: { Outer: { Type: 'Map', Items: [1], ...each({ Inner: inner }), End: true } },
        runTask: failing([1]),
      }),
    );
    expect(outline(tree)).toEqual([
      'Outer failed DynamoDb.ThrottlingException',
      '  #0 failed',
      '    Inner failed DynamoDb.ThrottlingException',
      '      #0 succeeded',
      '        Leaf succeeded',
      '      #1 failed',
      '        Leaf failed DynamoDb.ThrottlingException',
    ]);
    expect(tree).toMatchObject({ status: 'failed', error: 'DynamoDb.ThrottlingException', cause: 'slow down' });
  });

  it('tells the attempts of a Map apart', async () => {
    const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1 }];
    const map = { Type: 'Map', Items: [1], ...each({ Leaf: task({ End: true }) }), Retry: retry, End: true };
    const tree = build(await runWorkflow({ states: { Map: map }, runTask: failing([0]) }));
    expect(outline(tree)).toEqual([
      'Map succeeded',
      '  #0 failed',
      '    Leaf failed DynamoDb.ThrottlingException',
      '  #0 retry 1 succeeded',
      '    Leaf succeeded',
    ]);
  });

  it('shows branches of a Parallel', async () => {
    const branch = (name: string) => ({ StartAt: name, States: { [name]: task({ End: true }) } });
    const both = { Type: 'Parallel', Branches: [branch('Left'), branch('Right')], End: true };
    expect(outline(build(await runWorkflow({ states: { Both: both } })))).toEqual([
      'Both succeeded',
      '  #0 succeeded',
      '    Left succeeded',
      '  #1 succeeded',
      '    Right succeeded',
    ]);
  });

  it('shows an expression that failed at its state', async () => {
    const tree = build(await runWorkflow({ states: { Bad: { Type: 'Pass', Output: '{% $missing %}', End: true } } }));
    expect(outline(tree)).toEqual(['Bad failed States.QueryEvaluationError']);
  });

  it('shows a Fail state with its error', async () => {
    const tree = build(await runWorkflow({ states: { Stop: { Type: 'Fail', Error: 'Bad', Cause: 'because' } } }));
    expect(outline(tree)).toEqual(['Stop failed']);
    expect(tree).toMatchObject({ status: 'failed', error: 'Bad', cause: 'because' });
  });

  it('is running while the log has no end, and lost when that cannot be', async () => {
    const events = (await runWorkflow({ states: { Call: task({ End: true }) } })).slice(0, 4);
    const lastMs = events.at(-1)?.atMs ?? 0;
    expect(buildExecutionTree(events, lastMs + 1_000)).toMatchObject({
      status: 'running',
      states: [{ status: 'running' }],
    });
    expect(buildExecutionTree(events, lastMs + 400_000)).toMatchObject({
      status: 'lost',
      states: [{ status: 'aborted' }],
    });
  });

  it('keeps what the level ERROR logs', async () => {
    const events = await runWorkflow({ states: { Call: task({ End: true }) }, runTask: failing([0]), level: 'ERROR' });
    const tree = build(events);
    expect(tree).toMatchObject({ status: 'failed', states: [], error: 'DynamoDb.ThrottlingException' });
    expect(tree.startMs).toBeUndefined();
  });

  const leaf = fc.constantFrom<JsonObject>(
    { Type: 'Pass' },
    task(),
    task({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }] }),
    { Type: 'Pass', Output: '{% $missing %}' },
  );
  const node = fc.letrec<{ state: JsonObject; leaf: JsonObject; map: JsonObject; parallel: JsonObject }>((tie) => ({
    state: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie('leaf'), tie('map'), tie('parallel')),
    leaf,
    map: fc
      .record({
        items: fc.integer({ min: 0, max: 4 }),
        lanes: fc.integer({ min: 1, max: 3 }),
        inner: tie('state'),
        isRetried: fc.boolean(),
      })
      .map(({ items, lanes, inner, isRetried }) => ({
        Type: 'Map',
        Items: Array.from({ length: items }, (_, index) => index),
        MaxConcurrency: lanes,
        ItemProcessor: { inner },
        ...(isRetried ? { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }] } : {}),
      })),
    parallel: fc
      .tuple(tie('state'), tie('state'))
      .map((branches) => ({ Type: 'Parallel', Branches: branches.map((inner) => ({ inner })) })),
  }));

  it('places every event exactly once, whatever ran and failed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(node.state, fc.boolean()), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(12)),
        fc.nat(60),
        async (chain, turns, cut) => {
          const events = await runWorkflow({ states: chainOf(chain), runTask: failing(turns) });
          for (const part of [
            events,
            events.slice(0, cut),
            events.slice(cut),
            events.filter(({ id }) => id % 3 !== 0),
          ]) {
            const ids = placed(build(part));
            expect(ids.toSorted((a, b) => a - b)).toEqual(part.map(({ id }) => id));
          }
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });
});

/** States that follow each other, with unique names; where wanted, a failure is caught. */
function chainOf(chain: readonly (readonly [JsonObject, boolean])[]): JsonObject {
  let names = 0;
  const named = (state: JsonObject, end: JsonObject): [string, JsonObject] => {
    names += 1;
    const name = `S${names}`;
    const inner = (place: unknown) => {
      const [key, value] = named(isJsonObject(place) && isJsonObject(place.inner) ? place.inner : {}, { End: true });
      return { StartAt: key, States: { [key]: value } };
    };
    return [
      name,
      {
        ...state,
        ...(state.Type === 'Map' ? { ItemProcessor: inner(state.ItemProcessor) } : {}),
        ...(Array.isArray(state.Branches) ? { Branches: state.Branches.map(inner) } : {}),
        ...end,
      },
    ];
  };
  const states: JsonObject = {};
  for (const [index, [state, isCaught]] of chain.entries()) {
    const next = `Then${index}`;
    const isCatching = isCaught && state.Type !== 'Pass';
    const [name, value] = named(state, {
      Next: next,
      ...(isCatching ? { Catch: [{ ErrorEquals: ['States.ALL'], Next: next }] } : {}),
    });
    states[name] = value;
    states[next] = index === chain.length - 1 ? { Type: 'Succeed' } : { Type: 'Pass', Next: `S${names + 1}` };
  }
  return states;
}
