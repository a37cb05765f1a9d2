import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { AWS_EXPRESSION_BOUNDS, type ExpressionBounds } from '../../../src/states/jsonata/bounds.ts';
import { evaluateWithin } from '../../../src/states/jsonata/evaluation.ts';
import { compileExpression } from '../../../src/states/jsonata/expression.ts';
import { evaluationRandom, registerFunctions } from '../../../src/states/jsonata/functions.ts';
import { compileQuickly } from '../../../src/states/jsonata/quick-library.ts';
import { evaluateSlowly } from '../../../src/states/jsonata/slow-evaluation.ts';
import { compileTemplate, evaluateTemplate } from '../../../src/states/jsonata/template.ts';
import cases from './cases/bounds.json' with { type: 'json' };

/** AWS's words, byte for byte, but for the time: see bounds.ts. */
const MESSAGES: Readonly<Record<string, string>> = {
  depth: 'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive',
  memory: 'Expression evaluation memory limit exceeded: Check for excessive memory usage',
  time: 'Expression evaluation timeout: Check for infinite loop',
};

const time = { nowMs: 0, random: seededRandom(1) };
const never = new AbortController().signal;

async function evaluate(source: string, bounds: Partial<ExpressionBounds> = {}) {
  return compileExpression(source).evaluate({}, { ...time, bounds: { ...AWS_EXPRESSION_BOUNDS, ...bounds } });
}

describe('an expression on AWS', () => {
  it.each(cases.depth)('may nest 100 levels of $shape, and not 101', async ({ before = '', text, after }) => {
    const nested = (times: number) => before.repeat(times) + text + after.repeat(times);
    expect(await evaluate(nested(99))).toMatchObject({ kind: 'value' });
    expect(await evaluate(nested(100))).toEqual({ kind: 'exceeded', message: MESSAGES.depth });
  });

  it.each(cases.accepted)('$expression is accepted', async ({ expression, value }) => {
    // Processor time of this machine, which others may be using too.
    expect(await evaluate(expression, { cpuMs: 60_000 })).toEqual({ kind: 'value', value });
  });

  it.each(cases.refused)('$expression exceeds the $bound', async ({ expression, bound }) => {
    expect(await evaluate(expression, { cpuMs: 60_000 })).toEqual({ kind: 'exceeded', message: MESSAGES[bound] });
  });

  it('fails with the cause that AWS gives', async () => {
    const template = compileTemplate('{% $sum([1..900000]) %}', 'Output/r', (_, message) => {
      throw new Error(message);
    });
    const evaluation = evaluateTemplate(template, {
      state: 'S',
      enteredEventId: 2,
      bindings: {},
      environment: time,
      isAtStart: true,
    });
    // floci-io/floci#2783
    await expect(evaluation).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      causeText:
        "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression " +
        "'$sum([1..900000])' specified for the field 'Output/r' threw an error during evaluation: Expression " +
        'evaluation memory limit exceeded: Check for excessive memory usage',
    });
  });
});

describe('other bounds', () => {
  it('are kept', async () => {
    expect(await evaluate('1 + (2 + 3)', { depth: 3 })).toMatchObject({ kind: 'exceeded', message: MESSAGES.depth });
    expect(await evaluate("'a' & 'b'", { memoryBytes: 300 })).toMatchObject({ message: MESSAGES.memory });
    const recursion = '($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(200))';
    expect(await evaluate(recursion, { depth: 1_000 })).toEqual({ kind: 'value', value: 200 });
  });

  it('end where the JavaScript engine ends', async () => {
    const recursion = '($f := function($n) { 1 + $f($n - 1) }; $f(1))';
    const outcome = await evaluate(recursion, { depth: 1e9, memoryBytes: 1e9 });
    expect(outcome).toEqual({ kind: 'exceeded', message: MESSAGES.depth });
  });
});

describe('a single call', () => {
  it.each(cases.large)('$expression exceeds the $bound before the machine notices', async ({ expression, bound }) => {
    const bounds = bound === 'time' ? { cpuMs: 150, memoryBytes: 1e9 } : { cpuMs: 60_000 };
    expect(await evaluate(expression, bounds)).toEqual({ kind: 'exceeded', message: MESSAGES[bound] });
  });
});

describe('an evaluation in a thread', () => {
  const input = {
    items: [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ],
    one: [{ id: 'a' }],
  };

  it.each([
    "$states.input.{ 'ids': items.id, 'one': one.id, 'range': [1..3], 'total': $sum(items.n) }",
    '[$random(), $uuid(), $shuffle([1..5]), $millis(), $now()]',
    '[$match("aXbX", /([a-z])X/), 1/0, null, $sort([3, 1, 2])]',
    '$states.input.missing',
    'function($x) { $x }',
    "$error('no')",
    '[1..900000]',
  ])('has the same outcome: %s', async (source) => {
    const seed = '6f1b';
    const evaluation = { source, variables: { states: { input } }, nowMs: 7, seed, bounds: AWS_EXPRESSION_BOUNDS };
    const expression = compileQuickly(source);
    registerFunctions(expression);
    const budget = {
      ...AWS_EXPRESSION_BOUNDS,
      callItems: Number.POSITIVE_INFINITY,
      refuseCall: () => {
        throw new Error('No call is too large.');
      },
      checkTime: () => {},
    };
    const here = evaluateWithin(budget, expression, evaluation.variables, { nowMs: 7, random: evaluationRandom(seed) });
    expect(await evaluateSlowly(evaluation, never)).toEqual(here);
  });

  it('ends when its execution does', async () => {
    const source = '($f := function($x) { $f($x) }; $f(1))';
    const bounds = { depth: 100, memoryBytes: 1e12, cpuMs: 1e9 };
    const stop = new AbortController();
    const evaluations = [1, 2, 3].map(() =>
      evaluateSlowly({ source, variables: {}, nowMs: 0, seed: '', bounds }, stop.signal),
    );
    stop.abort();
    expect(await Promise.allSettled(evaluations)).toMatchObject(
      [1, 2, 3].map(() => ({ status: 'rejected', reason: { name: 'Stopped' } })),
    );
  });

  it('draws the same as the attempt before it', () => {
    const [first, second] = [evaluationRandom('a'), evaluationRandom('a')];
    const draws = [first.next(), first.uuid(), first.next()];
    expect([second.next(), second.uuid(), second.next()]).toEqual(draws);
    expect(draws[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(evaluationRandom('b').next()).not.toBe(draws[0]);
  });
});
