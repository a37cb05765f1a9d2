import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import type { Bindings } from '../../../src/states/jsonata/evaluation.ts';
import { compileExpression, JsonataSyntaxError } from '../../../src/states/jsonata/expression.ts';
import { toPlainJson } from '../../../src/states/jsonata/plain.ts';
import cases from './cases/expressions.json' with { type: 'json' };

const environment = { nowMs: Date.parse('2026-01-01T00:00:00Z'), random: seededRandom(1) };

function bindings(input: unknown, variables: Record<string, unknown> = {}): Bindings {
  return Object.assign(Object.create(null), { states: { input }, ...variables });
}

async function evaluate(source: string, input: unknown, variables: Record<string, unknown> = {}) {
  return compileExpression(source).evaluate(bindings(input, variables), environment);
}

describe('JSONata as Step Functions runs it', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const outcome = await evaluate(each.expression, 'input' in each ? each.input : {});
    const { kind = 'value' } = each;
    expect(outcome).toEqual({
      kind,
      ...('value' in each ? { value: each.value } : {}),
      ...('message' in each ? { message: each.message } : {}),
    });
  });

  it.each([
    ['$now', '($f := $now(?); $f("[Y]"))', '2026'],
    ['$shuffle', '($f := $shuffle(?); $f(["a"]))', ['a']],
    ['$join, which then takes any items', '($f := $join(?, "-"); $f([1, null, "a"]))', '1--a'],
  ])('applies %s in part', async (_, source, value) => {
    expect(await evaluate(source, {})).toEqual({ kind: 'value', value });
  });

  it('refuses invalid JSONata when it is compiled', () => {
    expect(() => compileExpression('$states.input[')).toThrow(JsonataSyntaxError);
    expect(() => compileExpression("'open")).toThrow('S0101: String literal must be terminated by a matching quote');
  });

  it('returns arrays without the marks of the library', async () => {
    const first = await evaluate('[$states.input.a]', [{ a: 1 }, { a: 2 }]);
    if (first.kind !== 'value') throw new Error('no value');
    // The library would not flatten an array that it still knows as constructed.
    expect(await evaluate('$x.y', {}, { x: { y: first.value } })).toEqual({ kind: 'value', value: [1, 2] });
    expect(await evaluate('[$list.items]', {}, { list: [{ items: first.value }, { items: first.value }] })).toEqual({
      kind: 'value',
      value: [1, 2, 1, 2],
    });
    expect(Object.getOwnPropertyNames(first.value)).toEqual(['0', '1', 'length']);
  });

  it('returns input by reference', async () => {
    const input = { big: [{ a: 1 }] };
    const outcome = await evaluate("{ 'kept': $states.input }", input);
    expect(
      outcome.kind === 'value' &&
        typeof outcome.value === 'object' &&
        outcome.value !== null &&
        'kept' in outcome.value,
    ).toBe(true);
    expect(outcome).toHaveProperty('value.kept', input);
    const direct = await evaluate('$states.input.big', input);
    expect(direct.kind === 'value' && direct.value === input.big).toBe(true);
  });

  it('keeps concurrent evaluations apart', async () => {
    const expression = compileExpression('$states.input & $string($millis())');
    const outcomes = await Promise.all(
      [1, 2, 3].map((n) => expression.evaluate(bindings(String(n)), { nowMs: n, random: environment.random })),
    );
    expect(outcomes.map((outcome) => outcome.kind === 'value' && outcome.value)).toEqual(['11', '22', '33']);
  });

  it('follows plain paths exactly as the library does', async () => {
    const inner = fc.oneof(fc.integer(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 }), fc.string());
    const member = fc.oneof(
      inner,
      fc.record({ b: inner }, { requiredKeys: [] }),
      fc.array(fc.record({ b: inner }), { maxLength: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.record({ a: member }, { requiredKeys: [] }), async (input) => {
        // The parentheses keep the library in charge.
        const [fast, slow] = [await evaluate('$states.input.a.b', input), await evaluate('($states.input.a.b)', input)];
        expect(fast).toEqual(slow);
      }),
    );
  });
});

describe('toPlainJson', () => {
  it('returns any JSON unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toPlainJson(structuredClone(value), Number.POSITIVE_INFINITY)).toEqual(value);
      }),
    );
  });
});
