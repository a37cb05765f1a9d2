import type { Json } from '@tweet-pipes/kit/json';
import { StateError } from '../errors.ts';
import type { Bindings, EvaluationOutcome } from './evaluation.ts';
import { compileExpression, type EvaluationEnvironment, type Expression, JsonataSyntaxError } from './expression.ts';

/**
 * A value of a definition, with `{% … %}` strings at any depth. Parts without expressions are constants.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html}
 */
export type Template =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly location: string }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] }
  | { readonly kind: 'array'; readonly items: readonly Template[] };

/** What the evaluation of a template needs: the state's variables, and its name for causes. */
export interface Evaluator {
  readonly state: string;
  /** The id of the event that entered the state. Undefined when causes shall not name the place. */
  readonly enteredEventId: number | undefined;
  readonly bindings: Bindings;
  readonly environment: EvaluationEnvironment;
  /** Whether the state has recorded no event since it was entered; see `EvaluationPlace`. */
  readonly isAtStart: boolean;
}

/**
 * Compiles `value`. Calls `refuse` for each invalid expression with its location (`Output/items[2]/name`), `inspect`
 * for each valid one.
 */
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
      // AWS leaves the library's code out.
      refuse(location, error.message.replace(/^[A-Z]\d{4}: /, ''));
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

/** The text inside `{% … %}`, or undefined for a literal. The marks must be the first and last characters. */
export function expressionSource(text: string): string | undefined {
  return text.length >= 4 && text.startsWith('{%') && text.endsWith('%}') ? text.slice(2, -2).trim() : undefined;
}

/** Evaluates a template. Rejects with `States.QueryEvaluationError` and AWS's cause. */
export async function evaluateTemplate(template: Template, evaluator: Evaluator): Promise<Json> {
  return evaluate(template, evaluator);
}

/** A promise, if one of the expressions takes long. */
function evaluate(template: Template, evaluator: Evaluator): Json | Promise<Json> {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'expression':
      return evaluateExpression(template.expression, template.location, evaluator);
    case 'array':
      return evaluateAll(template.items, evaluator);
    case 'object': {
      const { members } = template;
      const values = evaluateAll(
        members.map(([, member]) => member),
        evaluator,
      );
      const asObject = (of: readonly Json[]) =>
        Object.fromEntries(members.map(([key], index): [string, Json] => [key, of[index] ?? null]));
      return values instanceof Promise ? values.then(asObject) : asObject(values);
    }
  }
}

/** One after the other. `done` holds the values of the first. */
function evaluateAll(
  templates: readonly Template[],
  evaluator: Evaluator,
  done: Json[] = [],
): Json[] | Promise<Json[]> {
  for (const template of templates.slice(done.length)) {
    const value = evaluate(template, evaluator);
    if (value instanceof Promise) return value.then((late) => evaluateAll(templates, evaluator, [...done, late]));
    done.push(value);
  }
  return done;
}

function evaluateExpression(expression: Expression, location: string, evaluator: Evaluator): Json | Promise<Json> {
  const outcome = expression.evaluate(evaluator.bindings, evaluator.environment);
  return outcome instanceof Promise
    ? outcome.then((late) => settledValue(late, expression, location, evaluator))
    : settledValue(outcome, expression, location, evaluator);
}

function settledValue(
  outcome: EvaluationOutcome,
  expression: Expression,
  location: string,
  evaluator: Evaluator,
): Json {
  if (outcome.kind === 'value') return outcome.value;
  const subject = `The JSONata expression '${expression.source}' specified for the field '${location}'`;
  switch (outcome.kind) {
    case 'nothing':
      throw evaluationError(evaluator, location, `${subject} returned nothing (undefined).`);
    case 'unsupported':
      throw evaluationError(evaluator, location, `${subject} returned an unsupported result type.`);
    case 'threw':
      throw evaluationError(evaluator, location, `${subject} threw an error during evaluation. ${outcome.message}`);
    case 'exceeded':
      throw evaluationError(evaluator, location, `${subject} threw an error during evaluation: ${outcome.message}`);
  }
}

/** A cause with the sentence that AWS puts in front to name the state. */
export function inState(evaluator: Pick<Evaluator, 'state' | 'enteredEventId'>, detail: string): string {
  if (evaluator.enteredEventId === undefined) return detail;
  return `An error occurred while executing the state '${evaluator.state}' (entered at the event id #${evaluator.enteredEventId}). ${detail}`;
}

/** The error for a field whose expression failed, or gave a value that the field does not accept. */
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

/**
 * The error for a value of a wrong type. LocalStack's public recordings of AWS show it for a Map's Items; it is assumed
 * for other fields.
 */
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
