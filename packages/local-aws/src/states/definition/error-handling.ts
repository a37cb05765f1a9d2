import type { Assignment, Catcher, ErrorHandling, Exit, Retrier } from './definition.ts';
import { refuseUnknownFields, requireFields } from './fields.ts';
import type { Reader } from './reader.ts';
import { AFTER_ERROR, type Scope } from './scope.ts';

const RETRIER = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];
const CATCHER = ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'];
const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const VARIABLE_CHARACTERS = 80;

/**
 * Reads Retry and Catch of a state.
 * {@link https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html}
 */
export function readErrorHandling(state: Reader): ErrorHandling {
  const retriers = state.objects('Retry');
  const catchers = state.objects('Catch');
  checkWildcards(retriers);
  checkWildcards(catchers);
  return { retry: retriers.map(readRetrier), catch: catchers.map(readCatcher) };
}

function readRetrier(retrier: Reader): Retrier {
  refuseUnknownFields(retrier.object, RETRIER, retrier.place, retrier.violations);
  const intervalSeconds = retrier.number('IntervalSeconds', { min: 1, max: 99_999_999 }) ?? 1;
  const maxDelaySeconds = retrier.number('MaxDelaySeconds', { min: 1, max: 31_622_400 });
  if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds) {
    retrier.refuse('MaxDelaySeconds', 'MaxDelaySeconds must be greater than IntervalSeconds');
  }
  const jitter = retrier.text('JitterStrategy') ?? 'NONE';
  if (jitter !== 'NONE' && jitter !== 'FULL')
    retrier.refuse('JitterStrategy', 'The field should have one of these values: [FULL, NONE]');
  return {
    errorEquals: readErrorEquals(retrier),
    intervalSeconds,
    maxAttempts: retrier.number('MaxAttempts', { min: 0, max: 99_999_999 }) ?? 3,
    backoffRate: retrier.number('BackoffRate', { min: 1, max: Number.MAX_VALUE, isFraction: true }) ?? 2,
    maxDelaySeconds,
    jitter: jitter === 'FULL' ? 'FULL' : 'NONE',
  };
}

function readCatcher(catcher: Reader): Catcher {
  refuseUnknownFields(catcher.object, CATCHER, catcher.place, catcher.violations);
  requireFields(catcher.object, ['Next'], catcher.place, catcher.violations);
  return { errorEquals: readErrorEquals(catcher), exit: readExit(catcher, AFTER_ERROR) };
}

function readErrorEquals(reader: Reader): string[] {
  const names = reader.get('ErrorEquals');
  if (names === undefined) {
    requireFields(reader.object, ['ErrorEquals'], reader.place, reader.violations);
    return [];
  }
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    reader.refuse('ErrorEquals', 'Expected a list of error names that is not empty');
    return [];
  }
  return names;
}

/** Reports a `States.ALL` that is not alone in its list, or not in the last retrier or catcher. */
function checkWildcards(readers: readonly Reader[]): void {
  for (const [index, reader] of readers.entries()) {
    const names = reader.get('ErrorEquals');
    if (!Array.isArray(names) || !names.includes('States.ALL')) continue;
    if (names.length > 1) reader.refuse('ErrorEquals', 'States.ALL must appear alone');
    if (index < readers.length - 1) reader.refuse('ErrorEquals', 'States.ALL must be in the last element');
  }
}

/** Reads Assign, Output and Next of a state, a choice rule or a catcher. */
export function readExit(reader: Reader, scope: Scope): Exit {
  return { assign: readAssign(reader, scope), output: reader.template('Output', scope), next: reader.text('Next') };
}

function readAssign(reader: Reader, scope: Scope): Assignment[] {
  const value = reader.get('Assign');
  if (value === undefined) return [];
  const template = reader.template('Assign', scope);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.refuse('Assign', 'Expected value of type Object');
    return [];
  }
  for (const variable of Object.keys(value)) {
    const problem = variableProblem(variable);
    if (problem !== undefined) reader.refuse('Assign', `The variable name '${variable}' ${problem}`);
  }
  if (template?.kind === 'object') return template.members.map(([variable, member]) => ({ variable, value: member }));
  return Object.entries(value).map(([variable, member]) => ({
    variable,
    value: { kind: 'constant', value: member ?? null },
  }));
}

/** {@link https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html} */
function variableProblem(name: string): string | undefined {
  if (name === 'states') return 'is reserved';
  if (name === '__proto__' || name === 'hasOwnProperty') return 'cannot be held by the JSONata library';
  if (name.length > VARIABLE_CHARACTERS) return `is longer than ${VARIABLE_CHARACTERS} characters`;
  return VARIABLE_NAME.test(name) ? undefined : 'must be a Unicode identifier';
}
