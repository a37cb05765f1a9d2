import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import type { ProblemKind } from './errors.ts';

/** What an expression may refer to. Each look-up returns undefined for an unknown name. */
export interface Scope {
  /** A pseudo parameter or parameter. Never called with `AWS::NoValue`. */
  parameter(name: string): Json | undefined;
  /** The value of `Ref` (no attribute) or `Fn::GetAtt`. */
  resource(logicalId: string, attribute?: string): Json | undefined;
  /** The value that a stack exports by this name. `at` is the place of the import. */
  imported(name: string, at: string): Json | undefined;
  mapping(map: string, key: string, second: string): Json | undefined;
  condition(name: string): boolean | undefined;
  /** Why `resource` returns undefined: nothing has the name, its condition is false, or it has no such attribute. */
  absence(logicalId: string): 'undeclared' | 'left out' | 'without attribute';
  /** Called for each problem. May throw; else evaluation continues with an empty string. */
  problem(kind: ProblemKind, at: string, message: string, awsMessage?: string): void;
}

/** The value of `AWS::NoValue`: the property or element that has it is removed. */
const NO_VALUE = Symbol('AWS::NoValue');
type Value = Json | typeof NO_VALUE;

/**
 * The value of a template expression with every intrinsic function resolved; undefined for `AWS::NoValue`. `at` is the
 * expression's path, for messages.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function evaluate(expression: Json, scope: Scope, at: string): Json | undefined {
  const value = evaluateValue(expression, scope, at);
  return value === NO_VALUE ? undefined : value;
}

function evaluateValue(expression: Json, scope: Scope, at: string): Value {
  if (Array.isArray(expression)) {
    return expression
      .map((element, index) => evaluateValue(element, scope, `${at}[${index}]`))
      .filter((value) => value !== NO_VALUE);
  }
  if (!isJsonObject(expression)) return expression;
  const call = intrinsic(expression);
  if (call === undefined) return evaluateMembers(expression, scope, at);
  if (Object.keys(expression).length > 1) {
    return fault(scope, 'MalformedFunction', at, `${call.name} must be the only key of its object.`);
  }
  return apply(call.name, call.argument, scope, at);
}

function evaluateMembers(object: JsonObject, scope: Scope, at: string): JsonObject {
  const result: JsonObject = {};
  for (const [key, member] of Object.entries(object)) {
    if (member === undefined) continue;
    const value = evaluateValue(member, scope, `${at}.${key}`);
    if (value !== NO_VALUE) result[key] = value;
  }
  return result;
}

function intrinsic(expression: JsonObject): { name: string; argument: Json } | undefined {
  for (const [name, argument] of Object.entries(expression)) {
    if ((name === 'Ref' || name.startsWith('Fn::')) && argument !== undefined) return { name, argument };
  }
  return undefined;
}

function apply(name: string, argument: Json, scope: Scope, at: string): Value {
  switch (name) {
    case 'Ref':
      return ref(argument, scope, at);
    case 'Fn::GetAtt':
      return getAtt(argument, scope, at);
    case 'Fn::Join':
      return join(argument, scope, at);
    case 'Fn::Sub':
      return sub(argument, scope, at);
    case 'Fn::Select':
      return select(argument, scope, at);
    case 'Fn::Split':
      return split(argument, scope, at);
    case 'Fn::If':
      return choose(argument, scope, at);
    case 'Fn::FindInMap':
      return findInMap(argument, scope, at);
    case 'Fn::Base64':
      return Buffer.from(text(argument, scope, at)).toString('base64');
    case 'Fn::ImportValue':
      return importValue(argument, scope, at);
    default:
      return fault(scope, 'UnsupportedFunction', at, `${name} is not evaluated locally. Use a literal value instead.`);
  }
}

function ref(argument: Json, scope: Scope, at: string): Value {
  if (typeof argument !== 'string') return fault(scope, 'MalformedFunction', at, 'Ref expects a name.');
  if (argument === 'AWS::NoValue') return NO_VALUE;
  return scope.parameter(argument) ?? scope.resource(argument) ?? unresolvedRef(scope, at, argument);
}

function getAtt(argument: Json, scope: Scope, at: string): Value {
  const path = typeof argument === 'string' ? argument.split('.') : argument;
  if (!Array.isArray(path) || path.length < 2) {
    return fault(scope, 'MalformedFunction', at, 'Fn::GetAtt expects [logical id, attribute].');
  }
  const [logicalId, ...rest] = path.map((part) => text(part, scope, at));
  const attribute = rest.join('.');
  return scope.resource(logicalId ?? '', attribute) ?? unresolvedAttribute(scope, at, logicalId ?? '', attribute);
}

function join(argument: Json, scope: Scope, at: string): Value {
  const [delimiter, list] = Array.isArray(argument) ? argument : [];
  const parts = list === undefined ? undefined : evaluate(list, scope, at);
  if (typeof delimiter !== 'string' || !Array.isArray(parts)) {
    return fault(scope, 'MalformedFunction', at, 'Fn::Join expects [delimiter, list].');
  }
  return parts.map((part) => text(part, scope, at)).join(delimiter);
}

function sub(argument: Json, scope: Scope, at: string): Value {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== 'string' || !isJsonObject(given)) {
    return fault(scope, 'MalformedFunction', at, 'Fn::Sub expects a string, or [string, variables].');
  }
  const variables = evaluateMembers(given, scope, at);
  return template.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (variable !== undefined) return text(variable, scope, at);
    return text({ [name.includes('.') ? 'Fn::GetAtt' : 'Ref']: name }, scope, at);
  });
}

function select(argument: Json, scope: Scope, at: string): Value {
  const [index, list] = Array.isArray(argument) ? argument : [];
  const elements = list === undefined ? undefined : evaluate(list, scope, at);
  if (index === undefined || !Array.isArray(elements)) {
    return fault(scope, 'MalformedFunction', at, 'Fn::Select expects [index, list].');
  }
  const chosen = elements[Number(text(index, scope, at))];
  return (
    chosen ?? fault(scope, 'MalformedFunction', at, `Fn::Select finds no element in a list of ${elements.length}.`)
  );
}

function split(argument: Json, scope: Scope, at: string): Value {
  const [delimiter, source] = Array.isArray(argument) ? argument : [];
  if (typeof delimiter !== 'string' || source === undefined) {
    return fault(scope, 'MalformedFunction', at, 'Fn::Split expects [delimiter, string].');
  }
  return text(source, scope, at).split(delimiter);
}

function choose(argument: Json, scope: Scope, at: string): Value {
  const [name, whenTrue, whenFalse] = Array.isArray(argument) ? argument : [];
  if (typeof name !== 'string' || whenTrue === undefined || whenFalse === undefined) {
    return fault(scope, 'MalformedFunction', at, 'Fn::If expects [condition, value if true, value if false].');
  }
  const holds = scope.condition(name);
  if (holds === undefined) return unresolved(scope, at, `condition ${name}`);
  return evaluateValue(holds ? whenTrue : whenFalse, scope, at);
}

function findInMap(argument: Json, scope: Scope, at: string): Value {
  if (!Array.isArray(argument) || argument.length !== 3) {
    return fault(scope, 'MalformedFunction', at, 'Fn::FindInMap expects [map, key, second key].');
  }
  const [map = '', key = '', second = ''] = argument.map((part) => text(part, scope, at));
  return scope.mapping(map, key, second) ?? unresolved(scope, at, `${map}.${key}.${second}`);
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
 */
function importValue(argument: Json, scope: Scope, at: string): Value {
  const forbidden = (): string =>
    fault(
      scope,
      'MalformedFunction',
      at,
      'the name in Fn::ImportValue must not depend on resources or imported values.',
    );
  const name = text(argument, { ...scope, resource: forbidden, imported: forbidden }, at);
  return scope.imported(name, at) ?? fault(scope, 'UnresolvedReference', at, `no stack exports ${name}.`);
}

/** The text of a string, number or boolean, as CloudFormation joins it. */
function text(expression: Json, scope: Scope, at: string): string {
  const value = evaluate(expression, scope, at);
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return fault(scope, 'MalformedFunction', at, 'expected a string, and got a list, an object or nothing.');
  }
}

function unresolved(scope: Scope, at: string, name: string): string {
  return fault(scope, 'UnresolvedReference', at, `there is no ${name} in this template.`);
}

function unresolvedRef(scope: Scope, at: string, logicalId: string): string {
  const message = absent(scope, logicalId);
  return fault(scope, 'UnresolvedReference', at, message, unresolvedDependency(logicalId, at));
}

function unresolvedAttribute(scope: Scope, at: string, logicalId: string, attribute: string): string {
  if (scope.absence(logicalId) === 'without attribute') {
    return fault(
      scope,
      'UnresolvedReference',
      at,
      `${logicalId} has no attribute ${attribute} here.`,
      `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
    );
  }
  const awsMessage = `Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`;
  return fault(scope, 'UnresolvedReference', at, absent(scope, logicalId), awsMessage);
}

function absent(scope: Scope, logicalId: string): string {
  return scope.absence(logicalId) === 'left out'
    ? `${logicalId} has a false condition, so the stack is without it.`
    : `there is no ${logicalId} in this template.`;
}

/** CloudFormation's sentence for a reference to a resource that is not there. `at` is the place of the reference. */
export function unresolvedDependency(logicalId: string, at: string): string {
  const block = at.startsWith('Outputs.') ? 'Outputs' : 'Resources';
  return `Template format error: Unresolved resource dependencies [${logicalId}] in the ${block} block of the template`;
}

function fault(scope: Scope, kind: ProblemKind, at: string, message: string, awsMessage?: string): string {
  scope.problem(kind, at, message, awsMessage);
  return '';
}
