import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { compileExpression } from '../../../src/states/jsonata/expression.ts';
import { evaluateAt, registerFunctions } from '../../../src/states/jsonata/functions.ts';
import { meter } from '../../../src/states/jsonata/meter.ts';
import { compileQuickly } from '../../../src/states/jsonata/quick-library.ts';
import cases from './cases/expressions.json' with { type: 'json' };
import { inFull } from './in-full.ts';

const environment = { nowMs: Date.parse('2026-01-01T00:00:00Z'), random: seededRandom(1) };
const variables = (input: unknown) => ({ states: { input } });

/** Both answers in full: values with the marks of the library's own arrays, errors with code and position. */
async function both(source: string, input: unknown): Promise<[quick: unknown, original: unknown]> {
  const quick = compileQuickly(source);
  const original = jsonata(source);
  registerFunctions(quick);
  registerFunctions(original);
  const settle = async (evaluate: () => unknown): Promise<unknown> => {
    try {
      return { value: await evaluate() };
    } catch (error) {
      return { error: { ...Object(error), stack: '' } };
    }
  };
  return [
    await settle(() =>
      evaluateAt(environment, () =>
        meter.run(undefined, () => quick.evaluate(undefined, variables(structuredClone(input)))),
      ),
    ),
    await settle(() => evaluateAt(environment, () => original.evaluate(undefined, variables(structuredClone(input))))),
  ];
}

describe('the quick library', () => {
  it('answers synchronously', () => {
    expect(compileQuickly('1 + $sum([1..3])').evaluate(undefined, {})).toBe(7);
  });

  // Chance differs from call to call, two functions are never equal, and for ever takes long.
  const comparable = cases.filter(
    ({ expression, kind }) =>
      !/\$(uuid|random|shuffle)\b/.test(expression) &&
      kind !== 'exceeded' &&
      kind !== 'unsupported' &&
      compiles(expression),
  );
  it.each(comparable)('answers as the library does: $name', async (each) => {
    const [quick, original] = await both(each.expression, 'input' in each ? each.input : {});
    expect(quick).toEqual(original);
  });

  it.each(['$length(?)([1,2])', '$pad(?,9)([1,2])', '$length(?)(5)', "$map(['a', [1,2]], $pad(?,3,'#'))"])(
    'leaves a text that is none to the library: %s',
    async (source) => {
      const [quick, original] = await both(source, {});
      expect(quick).toEqual(original);
    },
  );

  it('answers as the library does to an expression over a whole batch', async () => {
    const source = `(
      $isReading := function($r) { $type($r) = 'object' ? $type($r.value) = 'number' : false };
      $readings := $map($states.input, function($r, $i) { $isReading($r) ? $merge([$r, { 'index': $i }]) });
      {
        'highest': $readings{ sensor: $max(value) },
        'latest': $each($readings{ sensor: $ }, function($all) { $all[-1] })^(>index),
        'rejected': [$filter($states.input, function($r) { $not($isReading($r)) })],
        'names': $join($distinct($readings.sensor), ', ')
      }
    )`;
    const batch = Array.from({ length: 500 }, (_, index) =>
      index % 50 === 49 ? `reading ${index}` : { sensor: `sensor ${index % 7}`, value: (index * 7919) % 1000 },
    );
    const [quick, original] = await both(source, batch);
    expect(quick).toHaveProperty('value.rejected.length', 10);
    expect(quick).toEqual(original);
  });

  it('writes values and counts characters as the library does', async () => {
    const value = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.constantFrom(0.1 + 0.2, -0, 1e15, 1e21, { _jsonata_lambda: true, a: 1 }, [{ _jsonata_function: true }]),
    );
    const source = `[
      $string($states.input), $string([$states.input, { 'a': $states.input }]), $string($states.input, true),
      $string({ 'f': $string, 'g': function($x) { $x }, 'h': $states.input }),
      $type($states.input) = 'string' ? $length($states.input)
    ]`;
    await fc.assert(
      fc.asyncProperty(fc.oneof(value, fc.string({ unit: 'binary' })), async (input) => {
        const [quick, original] = await both(source, input);
        expect(quick).toEqual(original);
      }),
      { numRuns: 300 },
    );
  });

  it('answers as the library does to random expressions', async () => {
    const leaf = fc.constantFrom(
      '1',
      "'a'",
      'null',
      '$states.input',
      '$states.input.a',
      '$states.input.a.b',
      '[]',
      '$x',
    );
    const { expression } = fc.letrec<{ expression: string }>((tie) => {
      const inner = tie('expression');
      const form = (text: string) => fc.tuple(inner, inner, inner).map(([a, b, c]) => fill(text, { a, b, c }));
      return {
        expression: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          leaf,
          ...[
            '($x := @a; @b)',
            '[@a, @b]',
            "{ 'k': @a, 'l': @b }",
            '@a ? @b : @c',
            '$map(@a, function($v, $i) { [$v, @b] })',
            '$filter(@a, function($v) { @b })',
            '$reduce([@a], function($p, $v) { $append($p, $v) }, @b)',
            '[@a]{ $string($): @b }',
            '$each({ "m": @a }, function($v, $k) { @b })',
            '$sort([@a, @b], function($l, $r) { $string($l) > $string($r) })',
            '[@a]^($string($))',
            '[@a][@b]',
            '(@a).(@b)',
            '$sum([@a, @b])',
            '$count(@a) & @b',
            '@a in @b',
            '(@a) ~> $string()',
            '$map([1..3], $sum)',
            '(function($n) { $n > 3 ? @a : [@b, $n] })(@c)',
            '$sift({ "m": @a }, function($v) { $exists($v) })',
            '($f := $append(?, @a); $f(@b))',
            '($f := function($p, $q) { [$p, $q] }; $g := $f(?, @a); $g(@b))',
            '$append(?, @a) = $append(?, @a)',
            '($f := $append(@a, ?) ~> $string; $f(@b))',
          ].map(form),
        ),
      };
    });
    const input = fc.jsonValue({ maxDepth: 2 });
    await fc.assert(
      fc.asyncProperty(
        expression,
        fc.record({ a: fc.oneof(input, fc.record({ b: input })) }),
        async (source, given) => {
          const [quick, original] = await both(source, given);
          // Where several members fail, the library tells of the one that failed first in time.
          if (isError(original)) expect(isError(quick)).toBe(true);
          else expect(quick).toEqual(original);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('the arguments of a function', () => {
  const functions = [
    ...['sum', 'max', 'join', 'merge', 'keys', 'type', 'append', 'zip', 'map', 'string', 'substring', 'length'],
    ...['number', 'split', 'replace', 'each'],
  ].map((name) => `$${name}`);
  const signatures = [
    ...['<s-n?:s>', '<n-:n>', '<a<n>s?:x>', '<a<s>+>', '<s?n?b?>', '<(ns)-x:x>', '<f-o?>', '<jl-a>', '<o-a<a>?>'],
  ].map((signature) => `function($p, $q, $r)${signature}{ [$p, $q, $r] }`);
  const argument = fc.constantFrom(
    ...[
      '1',
      "'a'",
      'true',
      'null',
      '$x',
      '[]',
      '[1, 2]',
      "['a', 'b']",
      '[1, "a"]',
      '[[1]]',
      '[{}]',
      '{}',
      '{ "a": 1 }',
    ],
    ...['$sum', 'function($v) { $v }', '[$sum]'],
  );

  it('are taken and refused as by the library', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...functions, ...signatures),
        fc.array(argument, { maxLength: 4 }),
        fc.oneof(fc.constant(''), argument),
        async (name, given, context) => {
          const called = `${name}(${given.join(', ')})`;
          const source = context === '' ? called : `(${context}).${called}`;
          fc.pre(compiles(source));
          const [quick, original] = await both(source, {});
          expect(inFull(quick)).toBe(inFull(original));
        },
      ),
      { numRuns: 1_000, seed: 1 },
    );
  });
});

describe('a value that is no function', () => {
  it.each(['$states.input(1)', '(function($f) { $f(1) })($states.input)', '$states.input.`__proto__`(1)'])(
    'is not changed when it is called: %s',
    async (source) => {
      const input = { a: 1 };
      const expression = compileQuickly(source);
      registerFunctions(expression);
      expect(() => expression.evaluate(undefined, variables(input))).toThrow(
        expect.objectContaining({ code: 'T1006' }),
      );
      expect(input).toEqual({ a: 1 });
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );
});

describe('an expression', () => {
  const evaluate = (source: string, input: unknown = {}) =>
    compileExpression(source).evaluate({ states: { input } }, environment);

  it("reports the library's own error", () => {
    expect(evaluate("$error('no')")).toEqual({ kind: 'threw', message: 'D3137: no' });
  });

  it('may name its variables as JavaScript names members of objects', () => {
    expect(evaluate('($hasOwnProperty := 1; $__proto__ := 2; [$hasOwnProperty, $__proto__, $toString])')).toEqual({
      kind: 'value',
      value: [1, 2],
    });
  });

  // So does com.dashjoin:jsonata 0.9.10. The original starts both at once, and has no $x yet.
  it('sees an assignment of an earlier sibling', () => {
    expect(evaluate('[$x := 1, $x]')).toEqual({ kind: 'value', value: [1, 1] });
    expect(evaluate("{ 'a': $x := 1, 'b': $x }")).toEqual({ kind: 'value', value: { a: 1, b: 1 } });
  });
});

function fill(text: string, parts: Record<string, string>): string {
  return text.replaceAll(/@(\w)/g, (_, name) => parts[name] ?? '');
}

function isError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

function compiles(source: string): boolean {
  try {
    return Boolean(jsonata(source));
  } catch {
    return false;
  }
}
