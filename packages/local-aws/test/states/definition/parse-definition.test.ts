import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../src/gateway/aws-error.ts';
import { parseDefinition } from '../../../src/states/definition/parse-definition.ts';
import { definitionText } from '../fixture.ts';
import cases from './cases/invalid.json' with { type: 'json' };

interface Case {
  name: string;
  text?: string;
  definition?: object;
  states?: Record<string, unknown>;
  violations: string[];
}

function textOf(each: Case): string {
  return (
    each.text ?? (each.definition === undefined ? definitionText(each.states ?? {}) : JSON.stringify(each.definition))
  );
}

function refusal(text: string): AwsError {
  try {
    parseDefinition(text);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('The definition was accepted.');
}

describe('parseDefinition', () => {
  it.each((cases as Case[]).map((each) => [each.name, each] as const))('refuses %s', (_, each) => {
    const error = refusal(textOf(each));
    expect(error.name).toBe('InvalidDefinition');
    expect(error.message).toBe(`Invalid State Machine Definition: '${each.violations.join(', ')}'`);
  });

  it('refuses a resource that does not run locally, and lists those that do', () => {
    const text = definitionText({ Query: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:query', End: true } });
    expect(refusal(text).message).toMatch(
      /'SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:query is not recognized\. .*arn:aws:states:::aws-sdk:dynamodb:query.* at \/States\/Query\/Resource'/,
    );
  });

  it('takes a string as an expression only if it starts and ends with the marks', () => {
    const states = { S: { Type: 'Pass', Output: [' {% $x[ %}', '{% $x[ %} ', '{%%', '%}'], End: true } };
    expect(() => parseDefinition(definitionText(states))).not.toThrow();
  });

  it.each([
    '$x[a = $.b].($ + c)',
    '$x{ k: $sum(v) }',
    '$x^(>price)',
    '$x@$i#$n[$i.a = b]',
    '$map($x, function($v) { $v.a[b > 1] })',
    '$x ~> | a | { "b": c } |',
    '$x.( $f := function() { y }; $f() )',
    "{ 'a': $x.b }",
  ])('accepts %s, where every name has a context', (source) => {
    const states = { S: { Type: 'Pass', Output: `{% ${source} %}`, End: true } };
    expect(() => parseDefinition(definitionText(states))).not.toThrow();
  });

  it('counts Map and Parallel states at any depth for the bill', () => {
    const inner = { StartAt: 'I', States: { I: { Type: 'Succeed' } } };
    const map = { Type: 'Map', ItemProcessor: inner, End: true };
    const states = { P: { Type: 'Parallel', Branches: [{ StartAt: 'M', States: { M: map } }], End: true } };
    expect(parseDefinition(definitionText(states)).fanOutStates).toBe(2);
  });
});
