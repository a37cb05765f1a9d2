import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import YAML from 'yaml';
import {
  allStates,
  type DefinedMachine,
  type DefinedState,
  readDefinition,
} from '../../../../src/views/executions/graph/definition.ts';
import {
  type Box,
  type Layout,
  layOut,
  type Point,
  TITLE_HEIGHT,
} from '../../../../src/views/executions/graph/layout.ts';

const overlap = (a: Box, b: Box) =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;

/** Whether a point is on the border of a box, or inside by rounding. */
function touches({ x, y, width, height }: Box, point: Point): boolean {
  return Math.abs(point.x - x) <= width / 2 + 1 && Math.abs(point.y - y) <= height / 2 + 1;
}

function checkLayout({ boxes, lines, width, height }: Layout, machine: DefinedMachine): void {
  const named = new Map(boxes.map((box) => [box.state?.name ?? (box.kind === 'start' ? '\0start' : '\0end'), box]));
  for (const [index, box] of boxes.entries()) {
    expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width / 2).toBeLessThanOrEqual(width);
    expect(box.y + box.height / 2).toBeLessThanOrEqual(height);
    for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    for (const { layout, left, top } of box.inner) {
      expect(left).toBeGreaterThanOrEqual(box.x - box.width / 2);
      expect(left + layout.width).toBeLessThanOrEqual(box.x + box.width / 2 + 0.001);
      expect(top).toBe(box.y - box.height / 2 + TITLE_HEIGHT);
      expect(top + layout.height).toBeLessThanOrEqual(box.y + box.height / 2);
    }
    for (const [at, { layout }] of box.inner.entries()) {
      const inner = box.state?.inner[at];
      if (inner !== undefined) checkLayout(layout, inner);
    }
  }
  for (const { from, to, points } of lines) {
    const [first, last, begin, end] = [points[0], points.at(-1), named.get(from), named.get(to)];
    expect(begin !== undefined && first !== undefined && touches(begin, first)).toBe(true);
    expect(end !== undefined && last !== undefined && touches(end, last)).toBe(true);
  }
  expect(boxes.filter(({ kind }) => kind === 'state')).toHaveLength(machine.states.length);
}

/** A workflow of this project as its file has it; the texts of included expressions do not matter here. */
function workflow(name: string): DefinedMachine {
  const text = readFileSync(
    join(import.meta.dirname, `../../../../../../statemachines/${name}/${name}.asl.yaml`),
    'utf8',
  );
  const read = readDefinition(JSON.stringify(YAML.parse(text, { merge: true, logLevel: 'silent' })));
  if (read === undefined) throw new Error(`${name} has no states.`);
  return read;
}

describe('the drawing of a workflow', () => {
  it.each(['ingest', 'sentiment'])('of %s has no box over another, and lines from box to box', (name) => {
    const machine = workflow(name);
    checkLayout(
      layOut(machine, () => true),
      machine,
    );
    checkLayout(
      layOut(machine, () => false),
      machine,
    );
  });

  it('is smaller with closed Maps', () => {
    const machine = workflow('ingest');
    expect(layOut(machine, () => false).height).toBeLessThan(layOut(machine, () => true).height / 2);
  });

  it('has one line for several rules to the same state, with all their labels', () => {
    const machine = readDefinition(
      JSON.stringify({
        StartAt: 'A',
        States: {
          A: {
            Type: 'Choice',
            Choices: [
              { Condition: '{% $x > 1 %}', Next: 'B' },
              { Condition: '{% $y %}', Next: 'B' },
            ],
            Default: 'B',
          },
          B: { Type: 'Succeed' },
        },
      }),
    );
    const lines = machine && layOut(machine, () => true).lines.filter(({ from }) => from === 'A');
    expect(lines).toMatchObject([{ to: 'B', kind: 'choice', labels: ['$x > 1', '$y', 'Default'] }]);
  });

  const machine: fc.Arbitrary<DefinedMachine> = fc.letrec<{ machine: DefinedMachine; state: DefinedState }>((tie) => ({
    state: fc.record({
      name: fc.string({ minLength: 1, maxLength: 40 }),
      type: fc.constantFrom('Task', 'Choice', 'Pass'),
      transitions: fc.array(fc.record({ to: fc.nat(5).map(String), kind: fc.constantFrom('next', 'choice', 'catch') })),
      isEnd: fc.boolean(),
      inner: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('machine'), { maxLength: 2 })),
    }),
    machine: fc.array(tie('state'), { minLength: 1, maxLength: 6 }).map((states) => ({
      startAt: '0',
      states: states.map((state, index) => ({ ...state, name: String(index) })),
    })),
  })).machine;

  it('has neither overlaps nor loose lines, whatever the definition', () => {
    fc.assert(
      fc.property(machine, (drawn) =>
        checkLayout(
          layOut(drawn, () => true),
          drawn,
        ),
      ),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe('a definition', () => {
  it('names its states, those inside included', () => {
    const names = allStates(workflow('ingest')).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ReadBatch', 'CheckRecords', 'CountGroup', 'AddCount', 'BatchDone']));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['', '{}', '[]', '{"StartAt":"A"}', '{"StartAt":1,"States":{}}'])('is none: %s', (text) => {
    expect(readDefinition(text)).toBeUndefined();
  });

  it('has catches with their errors', () => {
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem',
      Catch: [{ ErrorEquals: ['A', 'B'], Next: 'X' }],
      Next: 'X',
    };
    expect(readDefinition(JSON.stringify({ StartAt: 'T', States: { T: task } }))?.states[0]).toMatchObject({
      resource: 'dynamodb:getItem',
      transitions: [
        { to: 'X', kind: 'next' },
        { to: 'X', kind: 'catch', label: 'Catch A, B' },
      ],
    });
  });
});
