import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { measureExpression } from '../../../src/states/jsonata/measure.ts';
import depths from './cases/depths.json' with { type: 'json' };

const environment = { nowMs: 0, random: seededRandom(1) };
const measure = (source: string, input?: unknown) => measureExpression(source, { states: { input } }, environment);

/** The highest number of nodes that the original library evaluates at once, by its own hooks. */
async function countByHooks(source: string, input?: unknown): Promise<number> {
  const expression = jsonata(source);
  let live = 0;
  let most = 0;
  // The typings omit that assign also accepts symbols.
  const assign = (name: symbol, hook: () => void): void => Reflect.apply(expression.assign, expression, [name, hook]);
  assign(Symbol.for('jsonata.__evaluate_entry'), () => {
    live += 1;
    most = Math.max(most, live);
  });
  assign(Symbol.for('jsonata.__evaluate_exit'), () => {
    live -= 1;
  });
  await expression.evaluate(undefined, { states: { input } });
  return most;
}

describe('the depth of an expression', () => {
  // java: measured with the callbacks of com.dashjoin:jsonata 0.9.10, as its class Timebox counts.
  it.each(depths)('$expression', async ({ expression, java, hooks }) => {
    const { leaking, concurrent } = measure(expression).depths;
    expect({ leaking, concurrent }).toEqual({ leaking: java, concurrent: hooks });
    expect(await countByHooks(expression)).toBe(hooks);
  });

  it('is never less than the hooks of the library count', async () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('1', '$states.input', '$states.input.a', '[1..3]'),
        ...[
          ([a, b]: string[]) => `[${a}, ${b}]`,
          ([a, b]: string[]) => `{ 'k': ${a}, 'l': ${b} }`,
          ([a, b]: string[]) => `(${a}; ${b})`,
          ([a, b]: string[]) => `$map([${a}], function($v) { [$v, ${b}] })`,
          ([a, b]: string[]) => `[${a}]{ $string($): ${b} }`,
          ([a, b]: string[]) => `$string(${a}) & $string(${b})`,
          ([a, b]: string[]) => `[${a}].{ 'k': $, 'l': ${b} }`,
        ].map((form) => fc.tuple(tie('expression'), tie('expression')).map(form)),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(expression, async (source) => {
        const { depths } = measure(source, { a: [1, { b: 2 }] });
        expect(depths.concurrent).toBeGreaterThanOrEqual(await countByHooks(source, { a: [1, { b: 2 }] }));
        expect(depths.concurrent).toBeGreaterThanOrEqual(depths.nested);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the memory of an expression', () => {
  const limit = 10 * 1024 * 1024;

  it('passes 10 MiB where a reporter saw AWS refuse', () => {
    // https://github.com/floci-io/floci/issues/2737 and /pull/2783, /pull/2790
    const range = (end: number) => measure(`[1..${end}] ~> $count()`).bytes.nodesAndValues;
    expect([range(873_782) <= limit, range(873_783) <= limit]).toEqual([true, false]);
    const called = (end: number) => measure(`$count($range(1, ${end}, 1))`).bytes.nodesAndValues;
    expect([called(360_145) <= limit, called(360_146) <= limit]).toEqual([true, false]);
    const mapped = measure('$sum($map([1..200000], function($v){$v * 2}))');
    expect([mapped.value, mapped.bytes.nodesAndValues <= limit]).toEqual([40_000_200_000, true]);
    const doubled = (times: number) =>
      measure(`($p := function($s, $n) { $n = 0 ? $s : $p($s & $s, $n - 1) }; $length($p('x', ${times})))`).bytes;
    expect([doubled(22).nodesAndValues <= limit, doubled(23).nodesAndValues <= limit]).toEqual([true, false]);
  });

  it('counts two bytes a character beyond Latin-1', () => {
    expect(measure("'ab' & 'c\u00e9'").bytes.values).toBe(24 + 4);
    expect(measure("'ab' & 'c\u0153'").bytes.values).toBe(24 + 2 * 4);
  });

  it('counts what is made on the way, but nothing that exists', () => {
    const input = { items: Array.from({ length: 100 }, (_, id) => ({ id, text: 'x'.repeat(1_000) })) };
    // A node for each step and for the path, and a sequence with one item for each step.
    expect(measure('$states.input', input).bytes).toEqual({ nodesAndValues: 312 + 3 * 4 + 2 * 36, values: 2 * 36 });
    expect(measure('$count($states.input.items.(text & text))', input).bytes.values).toBeGreaterThan(100 * 2_000);
    // The paths of the variable; three parts in an array, with all items; their number.
    expect(measure('$count($partition($states.input.items, 40))', input).bytes.values).toBe(
      2 * 36 + (24 + 100 * 12) + (24 + 3 * 12) + 3 * 24 + 100 * 12 + 16,
    );
  });
});
