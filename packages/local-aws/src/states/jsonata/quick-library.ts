import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type jsonata from 'jsonata';
import { meter } from './meter.ts';

/** An expression of the synchronous library: `evaluate` returns a value, not a promise. */
export interface QuickExpression extends Omit<jsonata.Expression, 'evaluate'> {
  evaluate(input: unknown, bindings: Record<string, unknown>): unknown;
}

/** Replacements in the library's source, with the expected number of matches. The meter is called `meter` in it. */
const CHANGES: readonly { from: RegExp; to: string; times: number }[] = [
  { from: /\bawait Promise\.all\(/g, to: '(', times: 2 },
  { from: /\basync (?=function|\()/g, to: '', times: 46 },
  { from: /\bawait /g, to: '', times: 102 },
  // Hooks for debuggers, looked up twice for each node in every enclosing frame: the meter takes their place.
  {
    from: /var entryCallback = .+\s+if\(entryCallback\) \{\s+.+\s+\}/g,
    to: 'meter.enter(environment);',
    times: 1,
  },
  {
    from: /var exitCallback = .+\s+if\(exitCallback\) \{\s+.+\s+\}/g,
    to: 'meter.leave(expr, environment, result);',
    times: 1,
  },
  {
    from: /environment\.isParallelCall = idx > 0(?=\s+return \[item)/g,
    to: 'meter.member(environment, idx)',
    times: 1,
  },
  { from: /environment\.isParallelCall = idx > 0(?=\s+return \[key)/g, to: 'meter.member(env, idx)', times: 1 },
  { from: /for \(let generator of generators\) \{/g, to: 'meter.membersDone(generators.length); $&', times: 2 },
  // As in com.dashjoin:jsonata, a new frame does not inherit it. The library only sets it.
  { from: /isParallelCall: enclosingEnvironment \? .+,/g, to: 'isParallelCall: false,', times: 1 },
  // What an evaluation makes, where the library makes it.
  {
    from: /return (resultSequence|results);(?=\s+\}\s+(?:function evaluateStages|\/\*\*\s+\* Evaluate binary))/g,
    to: 'return meter.sequence($1);',
    times: 2,
  },
  { from: /result = fn\.sort\.apply\(.+\);/g, to: '$& meter.sequence(result);', times: 1 },
  { from: /return result;(?=\s+\}\s+function reduceTupleStream)/g, to: 'meter.made(result); return result;', times: 1 },
  {
    from: /result = proc\.implementation\.apply\(focus, validatedArgs\);/g,
    to: '$& meter.returned(proc.implementation.name, result);',
    times: 1,
  },
];

let loaded: ((source: string) => QuickExpression) | undefined;

/**
 * Compiles with JSONata 2.0.6 without `async` and `await`. The library awaits at every node of an expression, although
 * all registered functions are synchronous. Without that, an expression over a batch takes a quarter of the time
 * (docs/adr/0017). Throws what the library throws.
 *
 * Two things differ. Deep recursion overflows the stack here, but not in the library. And members of an array or object
 * are evaluated one after the other, where the library starts all of them at once: {@link bindsAmongMembers} detects
 * expressions whose result depends on that.
 */
export function compileQuickly(source: string): QuickExpression {
  loaded ??= load();
  return loaded(source);
}

/**
 * Whether a member of an array or object assigns a variable, as in `[$x := 1, $x]`. The order of evaluation decides
 * what the other members see.
 */
export function bindsAmongMembers(ast: unknown): boolean {
  const seen = new Set<object>();
  const walk = (node: unknown, isAmong: boolean): boolean => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return false;
    seen.add(node);
    if (Array.isArray(node)) return node.some((each) => walk(each, isAmong));
    const type = 'type' in node ? node.type : undefined;
    if (type === 'bind' && isAmong) return true;
    // Blocks and functions have their own variables.
    const hasMembers = 'lhs' in node && Array.isArray(node.lhs);
    const isInner = type === 'block' || type === 'lambda' ? false : isAmong || hasMembers || isArray(node);
    return Object.values(node).some((each) => walk(each, isInner));
  };
  return walk(ast, false);
}

function isArray(node: object): boolean {
  return 'type' in node && node.type === 'unary' && 'value' in node && node.value === '[';
}

function load(): (source: string) => QuickExpression {
  let text = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8');
  for (const { from, to, times } of CHANGES) {
    const found = text.match(from)?.length ?? 0;
    if (found !== times) throw new Error(`jsonata has ${from} ${found} times, not ${times}: not the pinned version.`);
    text = text.replace(from, to);
  }
  const module: { exports: unknown } = { exports: undefined };
  new Function('module', 'exports', 'meter', text)(module, {}, meter);
  // The pinned version exports one function. quick-library.test.ts compares it with the original.
  return module.exports as (source: string) => QuickExpression;
}
