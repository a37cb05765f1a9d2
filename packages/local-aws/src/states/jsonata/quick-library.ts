import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type jsonata from 'jsonata';
import { compileTree } from './compiler/compile.ts';
import { RUN } from './compiler/node.ts';
import { Frame } from './frame.ts';
import { makingOf, meter } from './meter.ts';
import { LinearRegExp } from './regular-expression.ts';
import { plannedSignature } from './signature.ts';

/** An expression of the synchronous library: `evaluate` returns a value, not a promise. */
export interface QuickExpression extends Omit<jsonata.Expression, 'evaluate'> {
  evaluate(input: unknown, bindings: Record<string, unknown>): unknown;
}

interface Change {
  readonly from: RegExp;
  /** `$&` is the match, `$1` its first group. */
  readonly to: string;
  /** The expected number of matches. */
  readonly times: number;
}

/** Replacements in the library's source, in order. What they call is in {@link HELPERS}. */
const CHANGES: readonly Change[] = [
  // The sort of the library calls itself for each item of a merge, and copies the rest each time.
  {
    from: /var merge = async function \(l, r\) \{[\s\S]+?return merged;\s+\};/g,
    to: 'var merge = (l, r) => mergeSorted(l, r, comp);',
    times: 1,
  },

  // No asynchrony.
  { from: /\bawait Promise\.all\(/g, to: '(', times: 2 },
  { from: /\basync (?=function|\()/g, to: '', times: 44 },
  { from: /\bawait /g, to: '', times: 98 },

  // The meter in the place of hooks for debuggers, which are looked up in every enclosing frame.
  {
    from: /var entryCallback = .+\s+if\(entryCallback\) \{\s+.+\s+\}/g,
    to: 'meter.enter(environment);',
    times: 1,
  },
  {
    from: /var exitCallback = .+\s+if\(exitCallback\) \{\s+.+\s+\}/g,
    to: 'meter.leave(environment);',
    times: 1,
  },
  {
    from: /environment\.isParallelCall = idx > 0(?=\s+return \[item)/g,
    to: 'meter.member(environment, idx)',
    times: 1,
  },
  { from: /environment\.isParallelCall = idx > 0(?=\s+return \[key)/g, to: 'meter.member(env, idx)', times: 1 },
  { from: /for \(let generator of generators\) \{/g, to: 'meter.membersDone(generators.length); $&', times: 2 },

  // Frames without functions of their own. As in com.dashjoin:jsonata, a new frame does not inherit isParallelCall.
  {
    from: /function createFrame\(enclosingEnvironment\) \{[\s\S]+?return newFrame\s+\}/g,
    to: 'function createFrame(enclosing) { return new Frame(enclosing); }',
    times: 1,
  },
  // No two functions are equal, with whatever frames.
  { from: /\/\/ both objects\s/g, to: 'if (lhs instanceof Frame) return false;', times: 1 },
  {
    from: /exec_env = createFrame\(environment\);\s+for \(var v in bindings\) \{\s+.+\s+\}/g,
    to: 'exec_env = new Frame(environment, bindings);',
    times: 1,
  },
  {
    from: /proc\.arguments\.forEach\(function \(param, index\) \{\s+(env\.bind\(.+)\s+\}\);/g,
    to: 'for (let index = 0; index < proc.arguments.length; index++) { const param = proc.arguments[index]; $1 }',
    times: 1,
  },

  {
    from: /exec_env = environment;/g,
    to: 'exec_env = new Frame(environment, {});',
    times: 1,
  },

  // Compiled nodes.
  {
    from: /function evaluate\(expr, input, environment\) \{/g,
    to: 'function evaluate(expr, input, environment) { const run = expr[RUN]; return run === undefined ? walk(expr, input, environment) : run(input, environment); } function walk(expr, input, environment) {',
    times: 1,
  },
  {
    from: /const arg = evaluate\(expr\.arguments\[jj\], input, environment\);[\s\S]+?evaluatedArgs\.push\(arg\);\s+\}/g,
    to: 'evaluatedArgs.push(argumentOf(evaluate(expr.arguments[jj], input, environment), environment));',
    times: 1,
  },
  {
    from: /\/\/ apply the procedure\s/g,
    to: 'return callFunction(expr, proc, evaluatedArgs, input, environment); } function callFunction(expr, proc, evaluatedArgs, input, environment) { var result;',
    times: 1,
  },
  {
    from: /var staticFrame = createFrame\(null\);/g,
    to: `$& function argumentOf(arg, environment) {
      if (!isFunction(arg)) return arg;
      const closure = function (...params) { return apply(arg, params, null, environment); };
      closure.arity = getFunctionArity(arg);
      return closure;
    }
    const library = {
      walk, evaluateFilter, evaluateGroupExpression, evaluateLambda, evaluateRegex, evaluateEqualityExpression,
      evaluateNumericExpression, evaluateComparisonExpression, evaluateIncludesExpression, evaluateRangeExpression,
      evaluateStringConcat, argumentOf, callFunction, lookup: fn.lookup, boolean: fn.boolean, isFunction, isNumeric,
      isArrayOfNumbers,
    };`,
    times: 1,
  },
  { from: /delete ast\.errors;/g, to: '$& prepareTree(ast, library);', times: 1 },

  // Functions know where they were called last, for errors. The library also writes that into a value of the data that
  // is called, and into what it inherits from.
  {
    from: /if\(typeof proc === 'object'\) \{/g,
    to: "if (typeof proc === 'object' && proc !== null && !isFunction(proc)) proc = {}; $&",
    times: 1,
  },
  {
    from: /if\(result\.body\.procedure\.type === 'variable'\) \{/g,
    to: "if (typeof next === 'object' && next !== null && !isFunction(next)) next = {}; $&",
    times: 1,
  },

  // No function here returns a promise or an iterator.
  { from: /if ?\(isPromise\((\w+)\)\) \{\s+\1 = \1;\s+\}/g, to: '', times: 5 },
  { from: /if \(isIterable\(result\)\) \{\s+.+\s+\}/g, to: '', times: 1 },

  // Signatures match a regular expression at each call.
  { from: /definition: signature,/g, to: '$& params, regex,', times: 1 },
  {
    from: /module\.exports = signature;/g,
    to: 'module.exports = (text) => plannedSignature(signature(text));',
    times: 1,
  },

  // A list of all characters, only to be counted.
  {
    from: /return stringToArray\(str\)\.length;/g,
    to: 'return typeof str === "string" ? countCodePoints(str) : stringToArray(str).length;',
    times: 1,
  },

  // Members by for-in, if it finds none but the object's own.
  {
    from: /for \(var prop in obj\) \{\s+result\[prop\] = obj\[prop\];\s+\}/g,
    to: 'if (isPlain(obj)) Object.assign(result, obj); else $&',
    times: 1,
  },

  // What an evaluation makes, where the library makes it.
  {
    from: /return (resultSequence|results);(?=\s+\}\s+(?:function evaluateStages|\/\*\*\s+\* Evaluate binary))/g,
    to: 'return meter.sequence($1);',
    times: 2,
  },
  { from: /result = (evaluateBinary\(.+\));/g, to: 'result = meter.binary($1);', times: 1 },
  {
    from: /result = (evaluate(?:Unary|Wildcard|Descendants)\(.+\));/g,
    to: 'result = meter.unary($1);',
    times: 3,
  },
  { from: /implementation: func$/gm, to: '$&, making: makingOf(func.name)', times: 1 },
  { from: /result = fn\.sort\.apply\(.+\);/g, to: '$& meter.sequence(result);', times: 1 },
  { from: /return result;(?=\s+\}\s+function reduceTupleStream)/g, to: 'meter.made(result); return result;', times: 1 },
  { from: /result\.push\(tuple\);/g, to: 'meter.made(tuple); $&', times: 3 },
  {
    from: /result = proc\.implementation\.apply\(focus, validatedArgs\);/g,
    to: 'meter.calling(validatedArgs); $& meter.returned(proc.making, result);',
    times: 1,
  },

  // What could become too large before it is complete.
  { from: /result = new Array\(size\);/g, to: 'meter.mayHoldItems(size); $&', times: 1 },
  {
    from: /res\.forEach\(val => (\w+)\.push\(val\)\);/g,
    to: 'meter.mayHoldItems($1.length + res.length); $&',
    times: 2,
  },
  { from: /function recurseDescendants\(input, results\) \{/g, to: '$& meter.mayHoldItems(results.length);', times: 1 },
  {
    from: /var padding = \(new Array\(padLength \+ 1\)\)\.join\((char|'0')\);/g,
    to: 'meter.mayHoldCharacters(padLength * $1.length); $&',
    times: 2,
  },
  {
    from: /return strs\.join\(separator\);/g,
    to: 'meter.mayHoldCharacters(joinedLength(strs, separator)); $&',
    times: 1,
  },
  { from: /result \+= replace(?:ment|dWith);/g, to: '$& meter.mayHoldCharacters(result.length);', times: 2 },
  {
    from: /str = JSON\.stringify\(arg, function \(key, val\) \{/g,
    to:
      "meter.writes(); if (!prettify && isWrittenAsIs('', arg)) return JSON.stringify(arg); meter.writes(); " +
      '$& meter.writing(key, val);',
    times: 1,
  },

  // What could take long within one node.
  { from: /function (?:isDeepEqual|lookup|flatten)\(.+\) \{/g, to: '$& meter.work(1);', times: 3 },
  {
    from: /function append\(arg1, arg2\) \{/g,
    to: '$& meter.copying(Array.isArray(arg1) ? arg1.length : 1);',
    times: 1,
  },
  { from: /res\.forEach\(function \(ires\) \{/g, to: 'meter.work(res.length); $&', times: 1 },
  { from: /rhs = \[rhs\];\s+\}/g, to: '$& meter.copying(rhs.length);', times: 1 },
  { from: /while \((?:mantissa [<>] m(?:in|ax)Mantissa|value > 0)\) \{/g, to: '$& meter.work(1);', times: 3 },
  { from: /for \(let ii = n; ii > 0; ii--\) \{/g, to: '$& meter.work(1);', times: 1 },

  // Asked for each node. No node inherits these members, and none has them without a value.
  {
    from: /(?:Object\.prototype\.hasOwnProperty\.call\(expr, |expr\.hasOwnProperty\()'(predicate|group)'\)/g,
    to: '(expr.$1 !== undefined)',
    times: 3,
  },

  // Asked for each value: most are neither.
  {
    from: /return value\.sequence === true && Array\.isArray\(value\);/g,
    to: 'return Array.isArray(value) && value.sequence === true;',
    times: 1,
  },
  {
    from: /function isFunction\(arg\) \{/g,
    to: "$& if (typeof arg !== 'object' ? typeof arg !== 'function' : Array.isArray(arg)) return false;",
    times: 1,
  },
  {
    from: /function isLambda\(arg\) \{/g,
    to: "$& if (typeof arg !== 'object' || Array.isArray(arg)) return false;",
    times: 1,
  },

  // A built-in function that is applied in part finds the evaluation's time, randomness and functions as others do.
  { from: /(= partialApplyNativeFunction\(.+)(?=\);)/g, to: '$1, environment', times: 2 },
  { from: /function partialApplyNativeFunction\(native, args(?=\))/g, to: '$&, environment', times: 1 },
  { from: /bodyAST\.body = native;/g, to: '$& bodyAST.environment = environment;', times: 1 },

  // More arguments than a call may have.
  {
    from: /return (Math\.(?:max|min))\.apply\(Math, args\);/g,
    to: 'return args.reduce((a, b) => $1(a, b));',
    times: 2,
  },

  // Regular expressions of the definition and of its data.
  { from: /new RegExp(?=\((?:pattern, flags|fullRegex, 'i')\))/g, to: 'new LinearRegExp', times: 2 },
  { from: /jsonata\.RegexEngine = RegExp;/g, to: 'jsonata.RegexEngine = LinearRegExp;', times: 1 },
  { from: /new RegExp\(regexStr\)/g, to: 'signatureExpression(regexStr)', times: 1 },
];

/** What the changed source calls. */
const HELPERS = {
  meter,
  Frame,
  makingOf,
  LinearRegExp,
  mergeSorted,
  joinedLength,
  signatureExpression,
  plannedSignature,
  isPlain,
  countCodePoints,
  isWrittenAsIs,
  RUN,
};

type Compile = (source: string) => QuickExpression;

let loaded: Compile | undefined;

/**
 * Compiles with JSONata 2.0.6 without `async` and `await`. The library awaits at every node of an expression, although
 * all registered functions are synchronous. Without that, an expression over a batch takes a quarter of the time
 * (docs/adr/0017). Throws what the library throws, and RegularExpressionError.
 *
 * Three things differ. Members of an array or object are evaluated one after the other, where the library starts all of
 * them at once. Evaluations count against the bounds of the meter. Regular expressions take linear time.
 */
export function compileQuickly(source: string): QuickExpression {
  loaded ??= loadLibrary(compileTree);
  return loaded(source);
}

/**
 * Loads the changed library once more. `prepareTree` gets each syntax tree. Tests load one that prepares nothing, to
 * compare: functions remember where they were called last, so what two libraries do is the same after the same calls.
 */
export function loadLibrary(prepareTree: typeof compileTree): Compile {
  let text = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8');
  for (const change of CHANGES) text = changed(text, change);
  const module: { exports: unknown } = { exports: undefined };
  const helpers = { ...HELPERS, prepareTree };
  new Function('module', 'exports', ...Object.keys(helpers), text)(module, {}, ...Object.values(helpers));
  // The pinned version exports one function. quick-library.test.ts compares it with the original.
  return module.exports as Compile;
}

/** Counts while it replaces: each search of the source takes some 0.4 ms, and every start does all. */
function changed(text: string, { from, to, times }: Change): string {
  let found = 0;
  const result = text.replace(from, (...groups: string[]) => {
    found += 1;
    return to.replaceAll(/\$([&1-9])/g, (_, name: string) => groups[name === '&' ? 0 : Number(name)] ?? '');
  });
  if (found !== times) throw new Error(`jsonata has ${from} ${found} times, not ${times}: not the pinned version.`);
  return result;
}

/** Two sorted arrays as one, stable. `isAfter` is called for the same pairs, in the same order, as by the library. */
function mergeSorted(
  left: readonly unknown[],
  right: readonly unknown[],
  isAfter: (left: unknown, right: unknown) => unknown,
): unknown[] {
  const merged: unknown[] = [];
  let fromRight = 0;
  for (const item of left) {
    while (fromRight < right.length && isAfter(item, right[fromRight])) {
      meter.work(1);
      merged.push(right[fromRight]);
      fromRight += 1;
    }
    meter.work(1);
    merged.push(item);
  }
  return merged.concat(right.slice(fromRight));
}

/** A function that is applied in part gets what no signature has checked. */
function joinedLength(items: readonly unknown[], separator: unknown): number {
  let length = String(separator).length * Math.max(0, items.length - 1);
  for (const item of items) length += String(item ?? '').length;
  return length;
}

/**
 * The check of a function's signature against its arguments. Those of built-in functions cannot backtrack far, as they
 * have one repetition at most. A definition may declare others.
 */
function signatureExpression(source: string): RegExp | LinearRegExp {
  return source.split('+').length > 2 ? new LinearRegExp(source) : new RegExp(source);
}

/** Whether an object has no enumerable members but its own. */
function isPlain(object: unknown): boolean {
  return typeof object === 'object' && object !== null && Object.getPrototypeOf(object) === Object.prototype;
}

/** Characters of a text, where a surrogate pair is one. */
function countCodePoints(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1)
    if (isBetween(text.charCodeAt(index), 0xdc00, 0xdfff) && isBetween(text.charCodeAt(index - 1), 0xd800, 0xdbff))
      count -= 1;
  return count;
}

function isBetween(code: number, first: number, last: number): boolean {
  return code >= first && code <= last;
}

/**
 * Whether JSON writes a value as JSONata does, which gives numbers 15 digits and functions no text. Counts each member
 * that is written.
 */
function isWrittenAsIs(key: string, value: unknown): boolean {
  meter.writing(key, value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e15;
  if (Array.isArray(value)) return value.every((item, index) => isWrittenAsIs(String(index), item));
  if (typeof value !== 'object' || '_jsonata_function' in value || '_jsonata_lambda' in value) return false;
  return isPlain(value) && Object.entries(value).every(([name, member]) => isWrittenAsIs(name, member));
}
