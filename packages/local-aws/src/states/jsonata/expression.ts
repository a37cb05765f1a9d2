import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { isJsonObject } from '@tweet-pipes/kit/json';
import jsonata from 'jsonata';
import { type EvaluationEnvironment, evaluationFrame, registerFunctions } from './functions.ts';
import { NotJson, toPlainJson } from './plain.ts';
import { bindsAmongMembers, compileQuickly } from './quick-library.ts';

/**
 * The variables of an evaluation: `states` and the assigned variables. Outer scopes are in the prototype chain, so that
 * no scope is copied.
 */
export type Bindings = Record<string, unknown>;

/**
 * The outcome of an evaluation: a value, nothing (`undefined`), an unsupported value such as a function, or an error.
 * AWS words the cause of each differently.
 */
export type EvaluationOutcome =
  | { kind: 'value'; value: Json }
  | { kind: 'nothing' }
  | { kind: 'unsupported' }
  | { kind: 'threw'; message: string };

/** A node of the library's syntax tree. The library's typings cover only some kinds. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** A compiled JSONata expression. Concurrent evaluations do not affect each other. */
export interface Expression {
  /** The text between `{%` and `%}`, trimmed. AWS quotes it in causes. */
  readonly source: string;
  readonly ast: SyntaxNode;
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
  let library: jsonata.Expression;
  try {
    library = jsonata(source);
  } catch (error) {
    throw new JsonataSyntaxError(describeError(error));
  }
  registerFunctions(library);
  const ast: SyntaxNode = { ...library.ast() };
  const byLibrary = async (bindings: Bindings, environment: EvaluationEnvironment): Promise<EvaluationOutcome> => {
    try {
      return outcomeOf(await library.evaluate(undefined, evaluationFrame(bindings, environment)));
    } catch (error) {
      return error instanceof NotJson ? { kind: 'unsupported' } : { kind: 'threw', message: describeError(error) };
    }
  };
  if (bindsAmongMembers(ast)) return { source, ast, evaluate: byLibrary };
  const quick = compileQuickly(source);
  registerFunctions(quick);
  const path = plainPath(ast);
  return {
    source,
    ast,
    evaluate(bindings, environment) {
      const followed = path && followPath(path, bindings);
      if (followed !== undefined) return followed;
      try {
        return outcomeOf(quick.evaluate(undefined, evaluationFrame(bindings, environment)));
      } catch {
        // Fall back to the library: it reports the real error, or succeeds if only our fast path overflowed the stack.
        return byLibrary(bindings, environment);
      }
    },
  };
}

function outcomeOf(value: unknown): EvaluationOutcome {
  return value === undefined ? { kind: 'nothing' } : { kind: 'value', value: toPlainJson(value) };
}

/** JSONata throws objects with a code and a message. Anything else is a JavaScript error. */
function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : 'unknown error';
  return code + message;
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
function followPath(names: readonly string[], bindings: Bindings): EvaluationOutcome | undefined {
  const variable = names[0] ?? '';
  if (!(variable in bindings)) return undefined;
  let value: unknown = bindings[variable];
  for (let index = 1; index < names.length; index += 1) {
    if (value === undefined) return { kind: 'nothing' };
    if (!isJsonObject(value)) return undefined;
    value = member(value, names[index] ?? '');
  }
  return value === undefined ? { kind: 'nothing' } : { kind: 'value', value: toPlainJson(value) };
}

function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
