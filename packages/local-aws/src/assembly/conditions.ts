import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';
import { evaluate, type Scope } from './evaluate.ts';

/**
 * Returns a function that evaluates conditions by name, each once; undefined for an unknown name. Reports a condition
 * that is malformed or refers to itself to `scope`, and takes it as false.
 */
export function conditionEvaluator(conditions: JsonObject, scope: Scope): (name: string) => boolean | undefined {
  const { byName } = evaluators(conditions, scope);
  return byName;
}

/** Whether an expression of condition functions, and of those that only rules have, holds. */
export function ruleExpressionHolds(conditions: JsonObject, scope: Scope, expression: Json, at: string): boolean {
  return evaluators(conditions, scope, ruleFunctions).holds(expression, at);
}

/** Whether a function of values holds. `arguments_` are its evaluated arguments. */
type ValueFunction = (arguments_: readonly (Json | undefined)[]) => boolean;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html */
const ruleFunctions: Readonly<Record<string, ValueFunction>> = {
  'Fn::Contains': ([list, value]) => elements(list).some((element) => same(element, value)),
  'Fn::EachMemberEquals': ([list, value]) => elements(list).every((element) => same(element, value)),
  'Fn::EachMemberIn': ([list, allowed]) =>
    elements(list).every((element) => elements(allowed).some((each) => same(element, each))),
};

function elements(list: Json | undefined): readonly Json[] {
  return Array.isArray(list) ? list : [];
}

function evaluators(
  conditions: JsonObject,
  scope: Scope,
  functions: Readonly<Record<string, ValueFunction>> = {},
): { byName(name: string): boolean | undefined; holds(condition: Json, at: string): boolean } {
  const answers = new Map<string, boolean>();
  const open = new Set<string>();

  const byName = (name: string): boolean | undefined => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (condition === undefined) return undefined;
    if (open.has(name)) return fault(`Conditions.${name}`, 'refers to itself.');
    open.add(name);
    const answer = holds(condition, `Conditions.${name}`);
    open.delete(name);
    answers.set(name, answer);
    return answer;
  };

  const holds = (condition: Json, at: string): boolean => {
    if (!isJsonObject(condition)) return fault(at, 'expected a condition function.');
    const [name, argument] = Object.entries(condition)[0] ?? [];
    const operands = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Condition': {
        const answer = typeof argument === 'string' ? byName(argument) : undefined;
        return answer ?? fault(at, `there is no condition ${String(argument)}.`);
      }
      case 'Fn::Equals': {
        const [left = null, right = null] = operands;
        return same(evaluate(left, scope, at), evaluate(right, scope, at));
      }
      case 'Fn::Not':
        return !holds(operands[0] ?? null, at);
      case 'Fn::And':
        return operands.every((operand) => holds(operand, at));
      case 'Fn::Or':
        return operands.some((operand) => holds(operand, at));
      default: {
        const ofValues = name !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
        if (ofValues !== undefined) return ofValues(operands.map((operand) => evaluate(operand, scope, at)));
        return fault(
          at,
          `${name} is not a condition function that is evaluated here ` +
            '(Fn::Equals, Fn::Not, Fn::And, Fn::Or, Condition).',
        );
      }
    }
  };

  const fault = (at: string, message: string): false => {
    scope.problem('MalformedFunction', at, message);
    return false;
  };
  return { byName, holds };
}

/** Compares as CloudFormation does, by text: `"1"` equals `1`, lists are compared by element. */
function same(left: Json | undefined, right: Json | undefined): boolean {
  const written = (value: Json | undefined): string =>
    typeof value === 'object' ? JSON.stringify(value) : String(value);
  return written(left) === written(right);
}
