import { describe, expect, it } from '@jest/globals';
import { TemplateError } from '../../src/assembly/errors.ts';
import { resolveTemplate } from '../../src/assembly/resolve-template.ts';
import { templateSchema } from '../../src/assembly/template.ts';

const environment = {
  stackName: 'Stack',
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/1',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};
/** The parameter store has one parameter. */
const parameterStore = (name: string) => (name === '/stored' ? '5' : undefined);

/** The sentences about a template whose only rule has these members. */
function violations(rule: object, parameters: Record<string, string> = {}): string[] {
  const template = templateSchema.parse({
    Parameters: {
      Size: { Type: 'String', Default: 'small' },
      Sizes: { Type: 'CommaDelimitedList', Default: 'small,big' },
    },
    Conditions: { IsSmall: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] } },
    Rules: { R: rule },
    Resources: {},
  });
  try {
    resolveTemplate(template, { environment, parameters });
  } catch (error) {
    if (error instanceof TemplateError) return error.problems.map(({ kind, message }) => `${kind}: ${message}`);
    throw error;
  }
  return [];
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
describe('rules', () => {
  const size = { Ref: 'Size' };
  const assertion = (Assert: object, AssertDescription = 'no') => ({ Assertions: [{ Assert, AssertDescription }] });
  const cases: [title: string, rule: object, parameters: Record<string, string>, expected: string[]][] = [
    ['contains', assertion({ 'Fn::Contains': [['small', 'big'], size] }), {}, []],
    ['does not contain', assertion({ 'Fn::Contains': [['big'], size] }), {}, ['RuleViolation: no']],
    [
      'negates',
      assertion({ 'Fn::Not': [{ 'Fn::Contains': [['1', '2'], size] }] }),
      { Size: '2' },
      ['RuleViolation: no'],
    ],
    ['each is in', assertion({ 'Fn::EachMemberIn': [{ Ref: 'Sizes' }, ['small', 'big', 'huge']] }), {}, []],
    ['one is not in', assertion({ 'Fn::EachMemberIn': [{ Ref: 'Sizes' }, ['small']] }), {}, ['RuleViolation: no']],
    ['each equals', assertion({ 'Fn::EachMemberEquals': [{ Ref: 'Sizes' }, 'x'] }), { Sizes: 'x,x' }, []],
    ['uses conditions', assertion({ 'Fn::And': [{ Condition: 'IsSmall' }, { 'Fn::Equals': ['a', 'a'] }] }), {}, []],
    [
      'applies under a condition alone',
      { RuleCondition: { 'Fn::Equals': [size, 'big'] }, ...assertion({ 'Fn::Equals': ['a', 'b'] }) },
      {},
      [],
    ],
    [
      'describes itself',
      { Assertions: [{ Assert: { 'Fn::Equals': ['a', 'b'] } }] },
      {},
      ['RuleViolation: its assertion does not hold.'],
    ],
    [
      'is malformed',
      { Assertions: {} },
      {},
      ['MalformedFunction: a rule has Assertions, and may have a RuleCondition.'],
    ],
  ];
  it.each(cases)('%s', (_title, rule, parameters, expected) => expect(violations(rule, parameters)).toEqual(expected));
});

describe('parameters of the parameter store', () => {
  const template = (Default: string) =>
    templateSchema.parse({
      Parameters: { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default } },
      Rules: {
        CheckBootstrapVersion: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Version' }, '6'] } }] },
      },
      Resources: {},
      Outputs: { Id: { Value: { Ref: 'AWS::StackId' } } },
    });

  it('are read, and checked by the rule of the CDK', () => {
    expect(() => resolveTemplate(template('/stored'), { environment, parameterStore })).toThrow(/RuleViolation/);
  });

  it('are not needed by the rule of the CDK where nothing is bootstrapped', () => {
    const { outputs } = resolveTemplate(template('/none'), { environment, parameterStore });
    expect(outputs(new Map())).toEqual([{ key: 'Id', value: environment.stackId }]);
  });

  it('are lists, if the type says so', () => {
    const list = templateSchema.parse({
      Parameters: { L: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/list' } },
      Resources: {},
      Outputs: { Second: { Value: { 'Fn::Select': [1, { Ref: 'L' }] } } },
    });
    const { outputs } = resolveTemplate(list, { environment, parameterStore: () => 'a, b' });
    expect(outputs(new Map())).toEqual([{ key: 'Second', value: 'b' }]);
  });
});
