import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { readAsl } from '../../src/pictures/state-machine/asl.ts';
import { type StateGraph, stateGraph } from '../../src/pictures/state-machine/graph.ts';
import { layOutStates } from '../../src/pictures/state-machine/lay-out-states.ts';
import type { Layout } from '../../src/pictures/state-machine/layout.ts';
import { layoutFaults } from './layout-faults.ts';
import { anyMachine } from './machines.ts';

const graphOf = (definition: unknown) => stateGraph(readAsl(definition));
const oneColumn = Number.POSITIVE_INFINITY;

describe('layOutStates', () => {
  it.each([
    ['one column', oneColumn],
    ['two columns', 200],
  ])('keeps states, lines and labels apart in %s, whatever the machine', (_columns, tallest) => {
    fc.assert(
      fc.property(anyMachine(), (machine) => {
        expect(layoutFaults(layOutStates(graphOf(machine), tallest))).toEqual([]);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('draws every state and every transition of every scope once', () => {
    fc.assert(
      fc.property(anyMachine(), (machine) => {
        const graph = graphOf(machine);
        expect(content(layOutStates(graph, 200))).toEqual(expected(graph));
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  it('stands what comes later further down', () => {
    const { nodes } = layOutStates(graphOf(sequence), oneColumn);
    const heights = nodes.map(({ box }) => box.y);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  });

  it('goes on at the top of a second column where the first would be too tall', () => {
    const narrow = layOutStates(graphOf(sequence), oneColumn);
    const wide = layOutStates(graphOf(sequence), narrow.height / 2);
    expect(wide.height).toBeLessThan(narrow.height * 0.7);
    expect(wide.width).toBeGreaterThan(narrow.width);
  });

  it('puts a wait of a retry loop beside the loop', () => {
    const { nodes } = layOutStates(graphOf(retryLoop), oneColumn);
    const place = (name: string) => nodes.find(({ node }) => node.name === name)?.box ?? { x: 0, y: 0, width: 0 };
    const [get, isDone, wait] = [place('Get'), place('IsDone'), place('Wait')];
    expect(wait.x + wait.width).toBeLessThan(get.x);
    expect(wait.y).toBeGreaterThan(get.y);
    expect(wait.y).toBeLessThan(isDone.y);
  });
});

const task = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject' };

const sequence = {
  StartAt: 'A',
  States: {
    A: { ...task, Next: 'B' },
    B: { ...task, Next: 'C' },
    C: { ...task, Next: 'D' },
    D: { ...task, End: true },
  },
};

const retryLoop = {
  StartAt: 'Get',
  States: {
    Get: { ...task, Next: 'IsDone' },
    IsDone: { Type: 'Choice', Choices: [{ Condition: '{% $isLeft %}', Next: 'Wait' }], Default: 'Done' },
    Wait: { Type: 'Wait', Next: 'Get' },
    Done: { Type: 'Pass', End: true },
  },
};

function content({ nodes, edges }: Layout): unknown {
  return {
    nodes: nodes.map(({ node, inner }) => [node.name, node.kind, inner.map(({ layout }) => content(layout))]),
    transitions: edges.map(({ transition }) => JSON.stringify(transition)).toSorted(),
  };
}

function expected({ nodes, transitions }: StateGraph): unknown {
  return {
    nodes: nodes.map(({ name, kind, inner }) => [name, kind, inner.map(expected)]),
    transitions: transitions.map((transition) => JSON.stringify(transition)).toSorted(),
  };
}
