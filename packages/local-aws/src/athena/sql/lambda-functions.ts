import type { EmitScope } from './emit-scope.ts';
import { listOf, nameOf, ofKind } from './syntax-tree.ts';

/** Emits an expression. */
export type EmitExpression = (node: unknown) => string;

interface LambdaCall {
  name: string;
  nodes: readonly unknown[];
  scope: EmitScope;
  emit: EmitExpression;
}

/** Functions that take a lambda, by name in lower case. */
export const lambdaFunctions: Readonly<Record<string, (call: LambdaCall) => string>> = {
  transform: (call) => perElement(call, 'list_transform'),
  filter: (call) => perElement(call, 'list_filter'),
  any_match: (call) => `athena_any_true(${perElement(call, 'list_transform')})`,
  all_match: (call) => `athena_all_true(${perElement(call, 'list_transform')})`,
  none_match: (call) => `(NOT athena_any_true(${perElement(call, 'list_transform')}))`,
  reduce,
  zip_with: (call) => {
    const entry = call.scope.newName();
    const body = bodyOf(call, 2, [`${entry}[1]`, `${entry}[2]`]);
    return `list_transform(list_zip(${argument(call, 0)}, ${argument(call, 1)}), lambda ${entry}: ${body})`;
  },
  map_zip_with: (call) => {
    const key = call.scope.newName();
    const [left, right] = [argument(call, 0), argument(call, 1)];
    const body = bodyOf(call, 2, [key, `(${left})[${key}]`, `(${right})[${key}]`]);
    const keys = `athena_distinct(map_keys(${left}) || map_keys(${right}))`;
    return `map_from_entries(list_transform(${keys}, lambda ${key}: {key: ${key}, value: ${body}}))`;
  },
  map_filter: (call) => perEntry(call, (entry, entries, body) => `list_filter(${entries}, lambda ${entry}: ${body})`),
  transform_values: (call) =>
    perEntry(
      call,
      (entry, entries, body) => `list_transform(${entries}, lambda ${entry}: {key: ${entry}.key, value: ${body}})`,
    ),
  transform_keys: (call) =>
    perEntry(
      call,
      (entry, entries, body) => `list_transform(${entries}, lambda ${entry}: {key: ${body}, value: ${entry}.value})`,
    ),
};

function argument(call: LambdaCall, index: number): string {
  return call.emit(call.nodes[index]);
}

/** The body of the lambda at an argument, with its parameters standing for the given expressions. */
function bodyOf(call: LambdaCall, index: number, values: readonly string[]): string {
  const lambda = ofKind(call.nodes[index], 'lambda');
  const parameters = listOf(lambda?.parameters).map((parameter) => nameOf(parameter) ?? '');
  if (lambda === undefined || parameters.length !== values.length) {
    return call.scope.unsupported(`${call.name} with these arguments`, call.name);
  }
  const scoped = new Map(parameters.map((name, at) => [name, values[at] ?? '']));
  return call.scope.withLambda(scoped, () => call.emit(lambda.body));
}

function perElement(call: LambdaCall, name: string): string {
  const element = call.scope.newName();
  return `${name}(${argument(call, 0)}, lambda ${element}: ${bodyOf(call, 1, [element])})`;
}

function perEntry(call: LambdaCall, make: (entry: string, entries: string, body: string) => string): string {
  const entry = call.scope.newName();
  const body = bodyOf(call, 1, [`${entry}.key`, `${entry}.value`]);
  return `map_from_entries(${make(entry, `map_entries(${argument(call, 0)})`, body)})`;
}

/**
 * `reduce(list, start, (state, element) -> …, state -> …)`. DuckDB wants a start of the type of the elements, so state
 * and element travel in one struct. The first state takes the type that the step gives.
 */
function reduce(call: LambdaCall): string {
  const [state, element] = [call.scope.newName(), call.scope.newName()];
  const [list, start] = [argument(call, 0), argument(call, 1)];
  const typed = `CASE WHEN true THEN ${start} ELSE ${bodyOf(call, 2, [start, `${list}[1]`])} END`;
  const step = bodyOf(call, 2, [`${state}.s`, `${element}.x`]);
  const wrapped = `list_transform(${list}, lambda ${element}: {s: ${typed}, x: ${element}})`;
  const first = `{s: ${typed}, x: ${list}[1]}`;
  const reduced = `list_reduce(list_prepend(${first}, ${wrapped}), lambda ${state}, ${element}: {s: ${step}, x: ${element}.x})`;
  const result = `CASE WHEN ${list} IS NOT NULL THEN ${reduced}.s END`;
  const output = call.scope.newName();
  return `list_transform([${result}], lambda ${output}: ${bodyOf(call, 3, [output])})[1]`;
}
