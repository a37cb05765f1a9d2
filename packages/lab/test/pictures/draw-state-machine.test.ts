import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { drawStateMachine } from '../../src/pictures/draw-state-machine.ts';
import { anyMachine } from './machines.ts';
import { attributeValues, texts } from './svg-content.ts';

const text = { title: 'A workflow', subtitle: 'It does one thing.' };
const draw = (definition: unknown) => drawStateMachine(definition, text);
const hostile = 'a <b> & "c" \u{1}\u{d800}';

const nested = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: hostile,
        States: {
          [hostile]: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Next: 'Wait' },
          Wait: { Type: 'Wait', End: true },
        },
      },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Broken' }],
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
        { StartAt: 'Right', States: { Right: { Type: 'Succeed' } } },
      ],
      End: true,
    },
    Broken: { Type: 'Fail' },
  },
};

describe('drawStateMachine', () => {
  it('draws each state of each scope once, under its path', () => {
    const states = attributeValues(draw(nested), 'data-state');
    const shown = 'a <b> & "c" \u{fffd}\u{fffd}';
    const expected = ['Each', `Each/${shown}`, 'Each/Wait', 'Both', 'Both/Left', 'Both/Right', 'Broken'];
    expect(states.toSorted()).toEqual(expected.toSorted());
  });

  it('draws each transition, and where a scope starts and ends', () => {
    const svg = draw(nested);
    const [from, to] = ['data-from', 'data-to'].map((name) => attributeValues(svg, name));
    const transitions = from?.map((start, index) => `${start} → ${to?.[index]}`);
    expect(transitions).toEqual(
      expect.arrayContaining(['^ → Each', 'Each → Both', 'Each → Broken', 'Both → $', 'Each/Wait → Each/$']),
    );
    expect(transitions).toHaveLength(4 + 3 + 2 + 1);
  });

  it('escapes names, which XML could misread', () => {
    const svg = draw(nested);
    expect(svg).not.toContain('<b>');
    expect(texts(svg)).toContain('a <b> & "c" \u{fffd}\u{fffd}');
  });

  it('draws what catches an error in another style than the rest', () => {
    const classes = attributeValues(draw({ StartAt: 'A', States: { A: { ...caught }, B: { Type: 'Fail' } } }), 'class');
    expect(classes.filter((name) => name === 'alert line')).toHaveLength(2);
    expect(classes.filter((name) => name === 'plain line')).toHaveLength(2);
  });

  it('explains the shapes that it has, and no others', () => {
    const shown = texts(draw({ StartAt: 'A', States: { A: { Type: 'Wait', Next: 'B' }, B: { Type: 'Succeed' } } }));
    expect(shown).toEqual(expect.arrayContaining(['waits', 'succeeds']));
    expect(shown).not.toContain('decides');
    expect(shown).not.toContain('on an error');
  });

  it('has the colours of a light and of a dark page', () => {
    const svg = draw(nested);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    const [light = '', dark = ''] = svg.split('@media');
    expect(light).toContain('.page { fill: #ffffff');
    expect(dark).toContain('.page { fill: #0d1117');
  });

  it('makes the same text of the same definition, with coordinates of one decimal', () => {
    fc.assert(
      fc.property(anyMachine(), (machine) => {
        const svg = draw(machine);
        expect(draw(structuredClone(machine))).toBe(svg);
        expect(svg).not.toMatch(/\d\.\d\d|NaN|Infinity|undefined/);
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  it.each([
    ['a list', [], 'This is not a state machine'],
    ['an unknown type', { StartAt: 'A', States: { A: { Type: 'Choose' } } }, 'States.A.Type'],
    ['a transition to nowhere', { StartAt: 'B', States: { A: { Type: 'Succeed' } } }, 'No state B'],
  ])('refuses %s', (_what, definition, message) => {
    expect(() => draw(definition)).toThrow(message);
  });
});

const caught = {
  Type: 'Task',
  Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f',
  Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }],
  End: true,
};
