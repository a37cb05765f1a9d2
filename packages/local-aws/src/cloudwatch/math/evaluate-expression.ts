import { validationError } from '../errors.ts';
import { type Argument, type MathContext, mapPoints, mathFunction } from './functions.ts';
import type { Expression, Operator } from './parse-expression.ts';
import { isList, type Series, type Value } from './values.ts';

/** What the ids of an expression stand for. */
export interface MathScope extends MathContext {
  /** Undefined for an unknown id. */
  lookUp(id: string): Value | undefined;
}

const operations: Readonly<Record<Operator, (left: number, right: number) => number | undefined>> = {
  OR: (a, b) => Number(a !== 0 || b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
  '^': (a, b) => a ** b,
};

/** The value of an expression. Throws ValidationError for what it or its metrics do not allow. */
export function evaluateExpression(expression: Expression, scope: MathScope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'text':
      throw validationError(`The text '${expression.value}' is no value.`);
    case 'name':
      return named(expression.name, scope);
    case 'list':
      return expression.elements.flatMap((element) => {
        const value = evaluateExpression(element, scope);
        if (typeof value === 'number') throw validationError('An array has time series, no numbers.');
        return value;
      });
    case 'minus':
      return mapPoints(evaluateExpression(expression.operand, scope), (value) => -value);
    case 'operation': {
      const [left, right] = [evaluateExpression(expression.left, scope), evaluateExpression(expression.right, scope)];
      return combine(left, right, operations[expression.operator]);
    }
    case 'call':
      return mathFunction(expression.name)(
        expression.args.map((argument) => argumentOf(argument, scope)),
        scope,
      );
  }
}

function argumentOf(expression: Expression, scope: MathScope): Argument {
  if (expression.kind === 'text') return { text: expression.value };
  if (expression.kind === 'name' && scope.lookUp(expression.name) === undefined) return { text: expression.name };
  return evaluateExpression(expression, scope);
}

function named(name: string, scope: MathScope): Value {
  const value = scope.lookUp(name);
  if (value === undefined) throw validationError(`There is no metric '${name}'.`);
  return value;
}

/**
 * Between two time series a missing value counts as 0; where both miss, or one beside a number, there is no data
 * point. An array is combined element by element with a number or a time series.
 */
function combine(left: Value, right: Value, apply: (left: number, right: number) => number | undefined): Value {
  if (typeof left === 'number') return mapPoints(right, (value) => apply(left, value));
  if (typeof right === 'number') return mapPoints(left, (value) => apply(value, right));
  if (isList(left) && isList(right)) {
    throw validationError('Two arrays of time series cannot be combined; name their time series.');
  }
  if (isList(left)) return isList(right) ? [] : left.map((series) => ofTwo(series, right, apply));
  if (isList(right)) return right.map((series) => ofTwo(left, series, apply));
  return ofTwo(left, right, apply);
}

function ofTwo(left: Series, right: Series, apply: (left: number, right: number) => number | undefined): Series {
  const length = Math.max(left.points.length, right.points.length);
  return {
    label: left.label,
    points: Array.from({ length }, (_, index) => {
      const [a, b] = [left.points[index], right.points[index]];
      return a === undefined && b === undefined ? undefined : apply(a ?? 0, b ?? 0);
    }),
  };
}
