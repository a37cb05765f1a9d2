import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { AWS_EXPRESSION_BOUNDS, type ExpressionBounds } from './bounds.ts';
import {
  type Bindings,
  describeError,
  type EvaluationOutcome,
  evaluateWithin,
  Interrupted,
  outcomeOf,
} from './evaluation.ts';
import { DRAWING_FUNCTIONS, type EvaluationTime, evaluationRandom, registerFunctions } from './functions.ts';
import type { Budget } from './meter.ts';
import { compileQuickly, type QuickExpression } from './quick-library.ts';
import { evaluateSlowly } from './slow-evaluation.ts';

/** Milliseconds of processor time that an expression gets before it moves to a thread. Other work waits as long. */
const SLICE_MS = 100;
/** The longest array, and a 16th of the longest string, that a built-in function gets on this thread. */
const SLICE_CALL_ITEMS = 16_384;

/** What an evaluation needs beside its variables. */
export interface EvaluationEnvironment extends EvaluationTime {
  /** Default: AWS's. */
  readonly bounds?: ExpressionBounds;
  /** Ends an evaluation in a thread with `Stopped`. */
  readonly signal?: AbortSignal;
}

/** A node of the library's syntax tree. The library's typings cover only some kinds. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** A compiled JSONata expression. Concurrent evaluations do not affect each other. */
export interface Expression {
  /** The text between `{%` and `%}`, trimmed. AWS quotes it in causes. */
  readonly source: string;
  readonly ast: SyntaxNode;
  /** A promise, if the evaluation takes long. Rejects with `Stopped` only. */
  evaluate(bindings: Bindings, environment: EvaluationEnvironment): Promise<EvaluationOutcome> | EvaluationOutcome;
}

/** The text is not a JSONata expression. The message holds the library's code and message. */
export class JsonataSyntaxError extends Error {
  override readonly name = 'JsonataSyntaxError';
}

const compiled = new Map<string, Expression>();
const COMPILED_EXPRESSIONS = 5_000;

/** Compiles an expression, or returns it from the cache. Throws {@link JsonataSyntaxError}. */
export function compileExpression(source: string): Expression {
  const before = compiled.get(source);
  if (before !== undefined) return before;
  const expression = compile(source);
  if (compiled.size >= COMPILED_EXPRESSIONS) compiled.clear();
  compiled.set(source, expression);
  return expression;
}

function compile(source: string): Expression {
  let library: QuickExpression;
  try {
    library = compileQuickly(source);
  } catch (error) {
    throw new JsonataSyntaxError(describeError(error), { cause: error });
  }
  registerFunctions(library);
  const ast: SyntaxNode = { ...library.ast() };
  const path = plainPath(ast);
  const names = variableNames(ast);
  const draws = [...names].some((name) => DRAWING_FUNCTIONS.has(name));
  return {
    source,
    ast,
    evaluate(bindings, { nowMs, random, bounds = AWS_EXPRESSION_BOUNDS, signal }) {
      const followed = path && followPath(path, bindings, bounds);
      if (followed !== undefined) return followed;
      // A second evaluation draws the same.
      const seed = draws ? random.uuid() : '';
      try {
        return evaluateWithin(sliceOf(bounds), library, bindings, {
          nowMs,
          random: draws ? evaluationRandom(seed) : random,
        });
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        const variables = Object.fromEntries(
          [...names].filter((name) => name in bindings).map((name) => [name, bindings[name]]),
        );
        return evaluateSlowly({ source, variables, nowMs, seed, bounds }, signal ?? new AbortController().signal);
      }
    },
  };
}

/** What an evaluation may take on this thread. */
function sliceOf({ depth, memoryBytes }: ExpressionBounds): Budget {
  // Taken at the first check: most evaluations end before.
  let startedAt: NodeJS.CpuUsage | undefined;
  return {
    depth,
    memoryBytes,
    callItems: SLICE_CALL_ITEMS,
    refuseCall: () => {
      throw new Interrupted();
    },
    checkTime: () => {
      startedAt ??= process.threadCpuUsage();
      const { user, system } = process.threadCpuUsage(startedAt);
      if ((user + system) / 1_000 > SLICE_MS) throw new Interrupted();
    },
  };
}

/** The names of all variables and functions that an expression mentions. */
function variableNames(node: unknown, names = new Set<string>(), seen = new Set<object>()): Set<string> {
  if (typeof node !== 'object' || node === null || seen.has(node)) return names;
  seen.add(node);
  if (isSyntaxNode(node) && node.type === 'variable' && typeof node.value === 'string') names.add(node.value);
  for (const member of Object.values(node)) variableNames(member, names, seen);
  return names;
}

/**
 * The names in `$variable.name.name`, or undefined for any other expression. Most expressions of a definition are such
 * paths, and the library creates a dozen promises for each.
 */
function plainPath(ast: SyntaxNode): string[] | undefined {
  const isPath = ast.type === 'path';
  if (!onlyHas(ast, isPath ? ['type', 'steps'] : VARIABLE_MEMBERS)) return undefined;
  const steps: unknown[] = isPath && Array.isArray(ast.steps) ? ast.steps : [ast];
  const names: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (!isSyntaxNode(step) || step.type !== (index === 0 ? 'variable' : 'name') || typeof step.value !== 'string')
      return undefined;
    // The library treats names that every JavaScript object inherits differently.
    if (!onlyHas(step, VARIABLE_MEMBERS) || step.value === '' || step.value === '$' || step.value in Object.prototype)
      return undefined;
    names.push(step.value);
  }
  return names;
}

const VARIABLE_MEMBERS = ['type', 'value', 'position'];

/** Whether a value is a node of the syntax tree. */
export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function onlyHas(node: SyntaxNode, members: readonly string[]): boolean {
  return Object.keys(node).every((key) => members.includes(key));
}

/** Follows a path through objects. Undefined when it meets anything else, which the library must evaluate. */
function followPath(
  names: readonly string[],
  bindings: Bindings,
  bounds: ExpressionBounds,
): EvaluationOutcome | undefined {
  const variable = names[0] ?? '';
  if (!(variable in bindings)) return undefined;
  let value: unknown = bindings[variable];
  for (let index = 1; index < names.length; index += 1) {
    if (value === undefined) return { kind: 'nothing' };
    if (!isJsonObject(value)) return undefined;
    value = member(value, names[index] ?? '');
  }
  return outcomeOf(value, bounds.memoryBytes);
}

function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
