import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { compileExpression, JsonataSyntaxError } from '../../../src/states/jsonata/expression.ts';
import { LinearRegExp } from '../../../src/states/jsonata/regular-expression.ts';
import surrogates from './cases/lone-surrogates.json' with { type: 'json' };
import cases from './cases/regular-expressions.json' with { type: 'json' };

const environment = { nowMs: 0, random: seededRandom(1) };
const evaluate = async (source: string, input: unknown = {}) =>
  compileExpression(source).evaluate({ states: { input } }, environment);

/** All matches, as the library asks for them. */
function matches(
  expression: RegExp | LinearRegExp,
  text: string,
): [index: number, ...groups: (string | undefined)[]][] {
  const found: [number, ...(string | undefined)[]][] = [];
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    found.push([match.index, ...Array.from({ length: match.length }, (_, group) => match[group])]);
    if (match[0] === '') break;
  }
  return found;
}

describe('a regular expression', () => {
  it.each(cases)('$name', async ({ expression, input, kind = 'value', value, message }) => {
    const outcome = await evaluate(expression, input);
    expect(outcome).toEqual({
      kind,
      ...(value === undefined ? {} : { value }),
      ...(message === undefined ? {} : { message }),
    });
  });

  // What takes the original for ever is left out.
  it.each(cases.filter(({ expression, kind }) => !expression.includes('5000') && kind !== 'threw'))(
    'matches what it matches in the original, but for halves of pairs: $name',
    async ({ expression, input, value, original = value }) => {
      const answer: unknown = await jsonata(expression).evaluate(undefined, { states: { input } });
      expect(JSON.parse(JSON.stringify(answer ?? 'nothing'))).toEqual(original);
    },
  );

  // The same form finds them in java.util.regex: run with com.dashjoin:jsonata 0.9.10 on Java 17.
  it.each(surrogates)('finds a lone surrogate in $text: $isLone', async ({ text, isLone }) => {
    for (const replacement of ["''", "' '"]) {
      const source = `$contains($replace($states.input, /[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]/, ${replacement}), /[\\uD800-\\uDFFF]/)`;
      expect(await evaluate(source, text)).toEqual({ kind: 'value', value: isLone });
      expect(await jsonata(source).evaluate(undefined, { states: { input: text } })).toBe(isLone);
    }
  });

  it.each([
    ['/a(?=b)/', 'invalid or unsupported Perl syntax: `(?=`'],
    ['/a(?!b)/', 'invalid or unsupported Perl syntax: `(?!`'],
    ['/(?<=a)b/', 'lookbehind'],
    ['/(a)\\1/', 'invalid escape sequence: `\\1`'],
    ['/a{1001}/', 'invalid repeat count: `{1001}`'],
  ])('is refused when the definition is created: %s', (expression, reason) => {
    const compile = () => compileExpression(`$contains('a', ${expression})`);
    expect(compile).toThrow(JsonataSyntaxError);
    expect(compile).toThrow(`The regular expression ${expression} is not supported: `);
    expect(compile).toThrow(reason);
  });

  it('is refused when it is none', () => {
    expect(() => compileExpression("$contains('a', /a(/)")).toThrow(JsonataSyntaxError);
  });

  it('matches what it matches in JavaScript', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab1_ \n\u00a0\u2028\u00e9-'), maxLength: 12 });
    const { pattern } = fc.letrec<{ pattern: Pattern }>((tie) => {
      const inner = tie('pattern');
      return {
        pattern: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc
            .constantFrom('a', 'b', '.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '[ab]', '[^a\\s]', '[\\d-]')
            .map(one),
          fc.constantFrom('\\b', '^', '$').map((source) => ({ source, isWide: false })),
          fc.tuple(inner, inner).map(([a, b]) => ({ source: a.source + b.source, isWide: a.isWide || b.isWide })),
          fc
            .tuple(inner, inner)
            .map(([a, b]) => ({ source: `(?:${a.source}|${b.source})`, isWide: a.isWide && b.isWide })),
          fc.tuple(inner, fc.constantFrom('*', '+', '?', '*?', '{1,2}')).map(([a, times]) => repeated(a, times)),
          inner.map(({ source, isWide }) => ({ source: `(${source})`, isWide })),
        ),
      };
    });
    fc.assert(
      fc.property(pattern, fc.constantFrom('g', 'gm'), text, ({ source }, flags, given) => {
        // Other line ends than \n begin no line in RE2.
        const subject = flags === 'gm' ? given.replaceAll('\u2028', '') : given;
        expect(matches(new LinearRegExp(source, flags), subject)).toEqual(matches(new RegExp(source, flags), subject));
      }),
      { numRuns: 500 },
    );
  });
});

interface Pattern {
  readonly source: string;
  /** Whether it matches no empty text. */
  readonly isWide: boolean;
}

function one(source: string): Pattern {
  return { source, isWide: true };
}

/**
 * Two things differ in RE2: a group within a repetition keeps its last match, and a repetition of what can match
 * nothing goes on behind it.
 */
function repeated({ source, isWide }: Pattern, times: string): Pattern {
  if (!isWide) return { source, isWide };
  return { source: `(?:${source.replace(/\((?!\?)/g, '(?:')})${times}`, isWide: times === '+' || times === '{1,2}' };
}
