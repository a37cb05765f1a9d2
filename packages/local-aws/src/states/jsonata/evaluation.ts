import type { Json } from '@tweet-pipes/kit/json';
import { boundOf } from './bounds.ts';
import { type EvaluationTime, evaluateAt } from './functions.ts';
import { type Budget, meter } from './meter.ts';
import { NotJson, toPlainJson } from './plain.ts';
import type { QuickExpression } from './quick-library.ts';

/**
 * The variables of an evaluation: `states` and the assigned variables. Outer scopes are in the prototype chain, so that
 * no scope is copied.
 */
export type Bindings = Record<string, unknown>;

/**
 * The outcome of an evaluation: a value, nothing (`undefined`), an unsupported value such as a function, an error of
 * the expression, or a bound that it exceeded. AWS words the cause of each differently.
 */
export type EvaluationOutcome =
  | { kind: 'value'; value: Json }
  | { kind: 'nothing' }
  | { kind: 'unsupported' }
  | { kind: 'threw'; message: string }
  | { kind: 'exceeded'; message: string };

/** Thrown by a budget to leave an evaluation without an outcome. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Evaluates an expression within a budget. Throws {@link Interrupted} only. */
export function evaluateWithin(
  budget: Budget,
  expression: QuickExpression,
  bindings: Bindings,
  environment: EvaluationTime,
): EvaluationOutcome {
  try {
    const value = evaluateAt(environment, () => meter.run(budget, () => expression.evaluate(undefined, bindings)));
    return outcomeOf(value, budget.memoryBytes);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (error instanceof NotJson) return { kind: 'unsupported' };
    const exceeded = boundOf(error);
    return exceeded === undefined
      ? { kind: 'threw', message: describeError(error) }
      : { kind: 'exceeded', message: exceeded.message };
  }
}

/** A value of the library as an outcome. Throws {@link NotJson} and `BoundExceeded`. */
export function outcomeOf(value: unknown, maxBytes: number): EvaluationOutcome {
  return value === undefined ? { kind: 'nothing' } : { kind: 'value', value: toPlainJson(value, maxBytes) };
}

/** JSONata throws objects with a code and a message. Anything else is a JavaScript error. */
export function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : 'unknown error';
  return code + message;
}
