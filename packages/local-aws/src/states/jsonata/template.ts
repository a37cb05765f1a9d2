import type { Json } from '@tweet-pipes/kit/json';
import { StateError } from '../errors.ts';
import { type Bindings, compileExpression, type Expression, JsonataSyntaxError } from './expression.ts';
import type { EvaluationEnvironment } from './functions.ts';

/**
 * A value in a definition that may hold `{% … %}` strings at any depth. Parts without any are constants and cost
 * nothing to evaluate. {@link https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html}
 */
export type Template =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly location: string }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] }
  | { readonly kind: 'array'; readonly items: readonly Template[] };

/** What evaluates a template: the state's scope and name, for results and for causes. */
export interface Evaluator {
  readonly state: string;
  /** The id of the event that entered the state. */
  readonly enteredEventId: number;
  readonly bindings: Bindings;
  readonly environment: EvaluationEnvironment;
  /** False once anything happened in the state, see `EvaluationPlace`. */
  readonly isAtStart: boolean;
}

/** Compiles `value`; each expression that is no JSONata goes to `refuse` with its place (`Output/items[2]/name`). */
export function compileTemplate(
  value: Json,
  location: string,
  refuse: (location: string, message: string) => void,
  inspect: (location: string, expression: Expression) => void = () => {},
): Template {
  if (typeof value === 'string') {
    const source = expressionSource(value);
    if (source === undefined) return { kind: 'constant', value };
    try {
      const expression = compileExpression(source);
      inspect(location, expression);
      return { kind: 'expression', expression, location };
    } catch (error) {
      if (!(error instanceof JsonataSyntaxError)) throw error;
      refuse(location, `The JSONata expression is not valid. ${error.message}`);
      return { kind: 'constant', value: null };
    }
  }
  if (typeof value !== 'object' || value === null) return { kind: 'constant', value };
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileTemplate(item, `${location}[${index}]`, refuse, inspect));
    return items.every((item) => item.kind === 'constant') ? { kind: 'constant', value } : { kind: 'array', items };
  }
  const members = Object.entries(value).map(
    ([key, member]) => [key, compileTemplate(member ?? null, `${location}/${key}`, refuse, inspect)] as const,
  );
  return members.every(([, member]) => member.kind === 'constant')
    ? { kind: 'constant', value }
    : { kind: 'object', members };
}

/** The text inside `{% … %}`, or undefined for a literal: the marks must be the first and the last characters. */
export function expressionSource(text: string): string | undefined {
  return text.length >= 4 && text.startsWith('{%') && text.endsWith('%}') ? text.slice(2, -2).trim() : undefined;
}

/** Throws `States.QueryEvaluationError` with AWS's cause. */
export async function evaluateTemplate(template: Template, evaluator: Evaluator): Promise<Json> {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'expression':
      return evaluateExpression(template.expression, template.location, evaluator);
    case 'array': {
      const items: Json[] = [];
      for (const item of template.items) items.push(await evaluateTemplate(item, evaluator));
      return items;
    }
    case 'object': {
      const members: [string, Json][] = [];
      for (const [key, member] of template.members) {
        members.push([key, member.kind === 'constant' ? member.value : await evaluateTemplate(member, evaluator)]);
      }
      return Object.fromEntries(members);
    }
  }
}

async function evaluateExpression(expression: Expression, location: string, evaluator: Evaluator): Promise<Json> {
  const result = expression.evaluate(evaluator.bindings, evaluator.environment);
  const outcome = result instanceof Promise ? await result : result;
  const subject = `The JSONata expression '${expression.source}' specified for the field '${location}'`;
  switch (outcome.kind) {
    case 'value':
      return outcome.value;
    case 'nothing':
      throw evaluationError(evaluator, location, `${subject} returned nothing (undefined).`);
    case 'unsupported':
      throw evaluationError(evaluator, location, `${subject} returned an unsupported result type.`);
    case 'threw':
      throw evaluationError(evaluator, location, `${subject} threw an error during evaluation. ${outcome.message}`);
  }
}

/** The sentence that AWS puts before every cause that names a state. */
export function inState(evaluator: Pick<Evaluator, 'state' | 'enteredEventId'>, detail: string): string {
  return `An error occurred while executing the state '${evaluator.state}' (entered at the event id #${evaluator.enteredEventId}). ${detail}`;
}

/** A value of a field that is well-formed JSON but not what the field takes. */
export function evaluationError(
  evaluator: Evaluator,
  location: string,
  detail: string,
  beforeState = evaluator.isAtStart,
): StateError {
  return new StateError('States.QueryEvaluationError', inState(evaluator, detail), {
    state: evaluator.state,
    location,
    beforeState,
  });
}

/** Recorded for Map's Items; the other typed fields are worded alike. */
export function unexpectedType(
  evaluator: Evaluator,
  template: Template,
  location: string,
  expected: string,
  value: Json,
): StateError {
  const subject =
    template.kind === 'expression'
      ? `The JSONata expression '${template.expression.source}' specified for the field '${location}'`
      : `The value specified for the field '${location}'`;
  return evaluationError(
    evaluator,
    location,
    `${subject} returned an unexpected result type. Expected '${expected}', but was '${jsonType(value)}' for value: ${JSON.stringify(value)}`,
  );
}

function jsonType(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
