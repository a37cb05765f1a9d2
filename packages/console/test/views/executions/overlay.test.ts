import { describe, expect, it } from '@jest/globals';
import type { Iteration, StateRun } from '../../../src/api.ts';
import { mergeExecutions } from '../../../src/views/executions/merge-executions.ts';
import { END, iterationKey, overlayRuns, START, transitionKey } from '../../../src/views/executions/overlay.ts';
import { stateRows } from '../../../src/views/executions/table-rows.ts';

let id = 0;
function run(name: string, members: Partial<StateRun> = {}): StateRun {
  id += 1;
  const base = {
    id,
    name,
    type: 'Task',
    status: 'succeeded',
    startMs: id * 10,
    endMs: id * 10 + 5,
    exitId: id + 1_000,
  } as const;
  return { ...base, attempts: [], iterations: [], events: [], ...members };
}
function iteration(index: number, states: StateRun[], members: Partial<Iteration> = {}): Iteration {
  return { index, attempt: 0, status: 'succeeded', startMs: 0, endMs: 5, states, events: [], ...members };
}

const good = iteration(0, [run('Leaf')]);
const bad = iteration(1, [run('Leaf', { status: 'failed' })], { status: 'failed' });
const map = run('Map', { type: 'Map', status: 'caught', iterations: [good, bad] });
const states = [run('First'), map, run('Last')];

describe('what ran', () => {
  it('has of each state the worst of its runs', () => {
    const overlay = overlayRuns(states, {});
    expect([...overlay.states].map(([name, { status, runs }]) => [name, status, runs.length])).toEqual([
      ['First', 'succeeded', 1],
      ['Map', 'caught', 1],
      ['Leaf', 'failed', 2],
      ['Last', 'succeeded', 1],
    ]);
    expect(overlay.states.get('Map')?.iterations).toHaveLength(2);
  });

  it('has only the picked iteration of a Map', () => {
    const overlay = overlayRuns(states, { Map: iterationKey(map, good) });
    expect(overlay.states.get('Leaf')).toMatchObject({ status: 'succeeded', runs: [{}] });
    expect(overlay.states.get('Map')?.iterations).toHaveLength(2);
  });

  it('knows the transitions that were taken', () => {
    const { taken } = overlayRuns(states, {});
    const pairs = [
      [START, 'First'],
      ['First', 'Map'],
      ['Map', 'Last'],
      ['Last', END],
      [START, 'Leaf'],
      ['Leaf', END],
    ] as const;
    expect([...taken].sort()).toEqual(pairs.map(([from, to]) => transitionKey(from, to)).sort());
  });

  it('has no span while a run has no end', () => {
    const { endMs: _, ...open } = run('Open', { status: 'running' });
    expect(overlayRuns([open], {}).states.get('Open')?.spanMs).toBeUndefined();
    expect(
      overlayRuns([run('A', { startMs: 5, endMs: 9 }), run('A', { startMs: 20, endMs: 30 })], {}).states.get('A')
        ?.spanMs,
    ).toBe(25);
  });
});

describe('the rows of the table view', () => {
  it('leave out what is folded, as Maps of several iterations are at first', () => {
    expect(stateRows(states, new Map()).map(({ title }) => title)).toEqual(['First', 'Map', 'Last']);
    const open = new Map([
      [String(map.id), true],
      [iterationKey(map, bad), true],
    ]);
    expect(stateRows(states, open).map(({ title, depth }) => `${depth} ${title}`)).toEqual([
      '0 First',
      '0 Map',
      '1 Iteration 0',
      '1 Iteration 1',
      '2 Leaf',
      '0 Last',
    ]);
  });

  it('show a Map of one iteration open', () => {
    const one = run('Map', { type: 'Map', iterations: [good] });
    expect(stateRows([one], new Map())).toHaveLength(3);
    expect(stateRows([one], new Map([[String(one.id), false]]))).toHaveLength(1);
  });
});

describe('merged executions', () => {
  const one = (arn: string, startMs: number) => ({ arn, startMs, status: 'running' }) as const;

  it('have what changed, without what is too old', () => {
    const known = new Map([
      ['a', one('a', 1)],
      ['b', one('b', 50)],
    ]);
    const merged = mergeExecutions(known, [{ ...one('b', 50), status: 'succeeded' }, one('c', 60)], 10);
    expect([...merged.values()].map(({ arn, status }) => `${arn} ${status}`)).toEqual(['b succeeded', 'c running']);
    expect(known.size).toBe(2);
  });
});
