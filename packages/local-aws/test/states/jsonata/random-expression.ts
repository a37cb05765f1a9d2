import fc from 'fast-check';

const LEAVES = [
  ['1', '0', '-2', '1.5', "'a'", "'b'", "''", 'null', 'true', 'false', '[]', '{}', '1e400'],
  ['$', '$$', 'a', 'b', 'a.b', 'b.a', '`__proto__`', 'missing', '*', '**', '"a".b'],
  ['$states.input', '$states.input.a', '$states.input.a.b', '$states.input.b.a.a', '$states.*'],
  [
    '$x',
    '$y',
    '$f',
    '$sum',
    '$string',
    '$unknown',
    '[1..3]',
    '[2..1]',
    '/a(b?)/',
    '%',
    '$constructed',
    '$hasOwnProperty',
  ],
];

/** Texts with places for other expressions. */
const FORMS = [
  // Paths.
  '@a.@b',
  '@a.@b.@c',
  '(@a).(@b)',
  'a.(@a)',
  '@a.a',
  '@a[@b]',
  '(@a)[@b]',
  '@a[0]',
  '@a[-1].b',
  '$states.input[@a][@b]',
  '@a.a[@b].b',
  '@a[]',
  'a[].@a',
  '(@a)[][0]',
  '[@a].@b',
  '@a.[@b]',
  '@a.[@b].@c',
  '@a.{ "k": @b }',
  '@a.*.@b',
  '(@a)^(@b)',
  'a^(>b, @a)',
  '@a{ $string(@b): @c }',
  '@a{ "a": @b, "b": @c }',
  'a@$i.(@a)',
  'a#$i.(@b)',
  'a#$i[@b]',
  'a.b.%.@a',
  // Operators.
  ...['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'in', 'and', 'or'].map((each) => `@a ${each} @b`),
  '-(@a)',
  '[@a..@b]',
  '@a ~> @b',
  // Constructors.
  '[@a, @b]',
  '[[@a], @b, @c]',
  '[@a, [@b]].a',
  "{ 'k': @a, 'l': @b }",
  "{ 'b': @a, '1': @b, 'a': @c }",
  "{ 'k': @a, 'k': @b }",
  "{ '__proto__': @a, 'k': @b }",
  "{ 'hasOwnProperty': @a, 'k': @b }",
  '{ @a: @b }',
  '{ $string(@a): @b }',
  '{ $string(@a): @b, $string(@b): @c }',
  // Control.
  '@a ? @b : @c',
  '@a ? @b',
  '@a ?: @b',
  '@a ?? @b',
  '($x := @a; @b)',
  '($x := @a; $y := $x; @b)',
  '($x := @a; ($x := @b; $x); $x)',
  '[$x := @a, $x]',
  '(@a; @b)',
  '()',
  // Functions.
  '$f(@a)',
  '(@a)(@b)',
  '@a.$f(@b)',
  'sum(@a)',
  '($f := function($x) { @a }; $f(@b))',
  '($f := function($x, $y) { @a ? $f(@b, $x) : @c }; $f(@a, @b))',
  '($f := function($n) { $n > 0 ? $f($n - 1) & @a : @b }; $f(3))',
  '($f := function($n) { $n > 0 ? $f($n - 1) : @b }; $f(@a))',
  'function($x)<n:n>{ @a }(@b)',
  'function($x)<a<n>-:n>{ @a }(@b)',
  'function($x, $y)<s-n?:x>{ [$x, $y, @a] }(@b)',
  '(@a) ~> $string()',
  '(@a) ~> $f ~> $string',
  '@a ~> $append(@b)',
  '@a ~> | a | @b |',
  "@a ~> | a | { 'k': @b }, 'a' |",
  '($g := $append(?, @a); $g(@b))',
  '($g := $substring("abc", ?, ?); $g(@a, @b))',
  '$map(@a, function($v, $i) { [$v, $i, @b] })',
  '$map(@a, @b)',
  '$filter(@a, function($v) { @b })',
  '$reduce(@a, function($p, $v) { $append($p, @b) }, @c)',
  "$each({ 'm': @a, 'n': @b }, function($v, $k) { @c })",
  "$sift({ 'm': @a, 'n': @b }, function($v) { @c })",
  '$sort(@a)',
  '$sort(@a, function($l, $r) { $string($l) > $string($r) })',
  '$single(@a, function($v) { @b })',
  ...['sum', 'count', 'max', 'string', 'length', 'keys', 'merge', 'type', 'exists', 'not', 'boolean', 'number'].map(
    (name) => `$${name}(@a)`,
  ),
  ...['spread', 'reverse', 'distinct', 'lowercase', 'abs', 'clone', 'zip', 'shuffle', 'parse'].map(
    (name) => `$${name}(@a)`,
  ),
  ...['append', 'lookup', 'join', 'contains', 'split', 'substringAfter', 'zip', 'power', 'partition', 'formatBase'].map(
    (name) => `$${name}(@a, @b)`,
  ),
  ...['replace', 'substring', 'pad', 'range', 'match'].map((name) => `$${name}(@a, @b, @c)`),
  '@a.$uppercase()',
  '@a.$substringBefore(@b)',
  '$now() & $millis() & $random()',
  '$error(@a)',
  '$assert(@a, @b)',
  '$eval(@a)',
];

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(...LEAVES.flat()),
      ...FORMS.map((form) => fc.tuple(inner, inner, inner).map((parts) => fill(form, parts))),
    ),
  };
});

/** Expressions of all kinds, with and without a context value. Some are no JSONata. */
export const randomExpression: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('@a', '$states.input.(@a)', '$map([$x], function($v) { $v.(@a) })'), expression)
  .map(([form, inner]) => fill(form, [inner]));

const key = fc.constantFrom('a', 'b', '__proto__', 'length', 'sequence');

/** Values of the variables that the expressions name. */
export const randomVariables: fc.Arbitrary<Record<string, unknown>> = fc
  .letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.constantFrom<unknown>(0, 1, -1, 2.5, '', 'a', 'ab', 'œ', true, false, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    ),
  }))
  .value.map(variablesOf);

function variablesOf(input: unknown): Record<string, unknown> {
  return { states: { input }, x: input };
}

function fill(form: string, parts: readonly string[]): string {
  return form.replaceAll(/@([abc])(?![$])/g, (_, name: string) => parts['abc'.indexOf(name)] ?? '');
}
