import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { z } from 'zod';
import { type GivenValues, isStored } from './base-scope.ts';
import { ruleExpressionHolds } from './conditions.ts';
import type { Scope } from './evaluate.ts';
import type { Template } from './template.ts';

const json: z.ZodType<Json> = z.json();
const ruleSchema = z.strictObject({
  RuleCondition: json.optional(),
  Assertions: z.array(z.strictObject({ Assert: json, AssertDescription: z.string().optional() })),
});

/** The CDK adds this rule to every template, to check the version of its bootstrap stack. */
const BOOTSTRAP_RULE = 'CheckBootstrapVersion';

/**
 * Reports each assertion of a rule that the parameters' values do not meet. The rule of the CDK's bootstrap stack is
 * left out where nothing is bootstrapped: a runtime that loads its own app needs no bootstrap stack.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(template: Template, scope: Scope, given: GivenValues): void {
  for (const [name, value] of Object.entries(template.Rules)) {
    if (name === BOOTSTRAP_RULE && !isBootstrapped(template, given)) continue;
    const at = `Rules.${name}`;
    const rule = ruleSchema.safeParse(value);
    if (!rule.success || !isJsonObject(value)) {
      scope.problem('MalformedFunction', at, 'a rule has Assertions, and may have a RuleCondition.');
      continue;
    }
    const { RuleCondition: condition, Assertions: assertions } = rule.data;
    const holds = (expression: Json) => ruleExpressionHolds(template.Conditions, scope, expression, at);
    if (condition !== undefined && !holds(condition)) continue;
    for (const { Assert: assertion, AssertDescription: description } of assertions) {
      if (!holds(assertion)) scope.problem('RuleViolation', at, description ?? 'its assertion does not hold.');
    }
  }
}

function isBootstrapped(template: Template, { parameters = {}, parameterStore }: GivenValues): boolean {
  const names = Object.entries(template.Parameters).flatMap(([name, { Type, Default }]) =>
    isStored(Type) ? String(parameters[name] ?? Default) : [],
  );
  return names.every((name) => parameterStore?.(name) !== undefined);
}
