import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateBothWays } from './both-ways.ts';
import compiled from './cases/compiled.json' with { type: 'json' };
import depths from './cases/depths.json' with { type: 'json' };
import cases from './cases/expressions.json' with { type: 'json' };
import { randomExpression, randomVariables } from './random-expression.ts';

const runs = Number(process.env.PROPERTY_RUNS ?? 1_000);
const seed = Number(process.env.PROPERTY_SEED ?? 1);

describe('a compiled expression', () => {
  const texts = [
    ...compiled,
    ...cases.map(({ expression, ...each }) => ({ expression, input: 'input' in each ? each.input : {} })),
    ...depths.map(({ expression }) => ({ expression, input: {} })),
  ];

  it.each(texts)('does what the library does: $expression', ({ expression, input }) => {
    const both = evaluateBothWays(expression, { states: { input } });
    expect(both.compiled).toEqual(both.walked);
  });

  it('does what the library does, for random expressions and inputs within random bounds', () => {
    const limits = fc.oneof(
      { weight: 3, arbitrary: fc.constant({ depth: 100, memoryBytes: 10_485_760 }) },
      fc.record({ depth: fc.integer({ min: 1, max: 30 }), memoryBytes: fc.integer({ min: 312, max: 3_000 }) }),
    );
    fc.assert(
      fc.property(randomExpression, randomVariables, limits, (source, variables, limit) => {
        const both = evaluateBothWays(source, variables, limit);
        expect(both.compiled).toEqual(both.walked);
      }),
      { numRuns: runs, seed },
    );
  });
});
