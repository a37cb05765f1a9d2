import { describe, expect, it } from '@jest/globals';
import { parseTemplateText } from '../../src/cloudformation/template-text.ts';

/** A template whose resource has this value, written in YAML, as its property `P`. */
const withValue = (yaml: string) => `Resources:\n  R:\n    Type: T\n    Properties:\n      P: ${yaml}\n`;
const value = (yaml: string) => parseTemplateText(withValue(yaml)).Resources.R?.Properties?.P;

describe('parseTemplateText', () => {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
  const forms: [yaml: string, json: unknown][] = [
    ['!Ref Table', { Ref: 'Table' }],
    ['!GetAtt Table.Arn', { 'Fn::GetAtt': ['Table', 'Arn'] }],
    ['!GetAtt Nested.Outputs.Name', { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] }],
    ['!GetAtt [Table, Arn]', { 'Fn::GetAtt': ['Table', 'Arn'] }],
    ['!Sub "${AWS::StackName}-x"', { 'Fn::Sub': '${AWS::StackName}-x' }],
    ['!Sub ["${A}", { A: !Ref B }]', { 'Fn::Sub': ['${A}', { A: { Ref: 'B' } }] }],
    ['!Join ["-", [a, !Ref B]]', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }],
    ['!If [IsBig, 2, !Ref AWS::NoValue]', { 'Fn::If': ['IsBig', 2, { Ref: 'AWS::NoValue' }] }],
    [
      '!Select [0, !Split [",", !ImportValue Zones]]',
      { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::ImportValue': 'Zones' }] }] },
    ],
    [
      '!And [!Condition A, !Not [!Equals [a, b]]]',
      { 'Fn::And': [{ Condition: 'A' }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }] },
    ],
    ['!FindInMap [A, B, C]', { 'Fn::FindInMap': ['A', 'B', 'C'] }],
    ['!Base64 text', { 'Fn::Base64': 'text' }],
    ['!Transform { Name: AWS::Include }', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['{ "Fn::Sub": !Ref A }', { 'Fn::Sub': { Ref: 'A' } }],
    // A policy's version is no date.
    ['2012-10-17', '2012-10-17'],
    ["'true'", 'true'],
    ['true', true],
  ];
  it.each(forms)('reads %s', (yaml, json) => expect(value(yaml)).toEqual(json));

  it('reads JSON', () => {
    expect(parseTemplateText('{"Description": "d", "Resources": {"R": {"Type": "T"}}}')).toMatchObject({
      Description: 'd',
      Resources: { R: { Type: 'T' } },
      Parameters: {},
    });
  });

  const refused: [title: string, text: string, message: RegExp][] = [
    ['text that is neither', 'Resources: [', /^Template format error: YAML not well-formed\. .*line 1, column 1[23]/],
    ['broken JSON', '{"Resources": {', /^Template format error: YAML not well-formed\. /],
    ['two members of one name', `${withValue('1')}Resources: {}`, /Map keys must be unique at line 6/],
    ['an unknown short form', withValue('!Nope x'), /Unresolved tag: !Nope at line 5/],
    ['no resources', 'Description: d', /^Template format error: Resources: /],
    ['empty resources', 'Resources: {}', /At least one Resources member must be defined/],
    ['a resource without type', 'Resources: { R: { Properties: {} } }', /Resources\.R\.Type: /],
    [
      'an infinite number',
      withValue('[1, { A: .inf }]'),
      /^Template format error: Resources\.R\.Properties\.P: expected JSON/,
    ],
    ['a text', 'hello', /^Template format error: /],
    [
      'aliases that grow',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      /alias/i,
    ],
  ];
  it.each(refused)('refuses %s', (_title, text, message) => {
    expect(() => parseTemplateText(text)).toThrow(message);
    expect(() => parseTemplateText(text)).toThrow(expect.objectContaining({ name: 'ValidationError' }));
  });
});
