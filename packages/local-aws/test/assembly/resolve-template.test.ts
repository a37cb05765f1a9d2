import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TemplateError } from '../../src/assembly/errors.ts';
import { type ResolvedTemplate, resolveTemplate } from '../../src/assembly/resolve-template.ts';
import type { CreatedResource } from '../../src/assembly/resource-type.ts';
import { templateSchema } from '../../src/assembly/template.ts';

const environment = {
  stackName: 'Stack',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

interface Case<Expected> {
  name: string;
  input: object;
  expected: Expected;
}

const cases = <Expected>(file: string): Case<Expected>[] =>
  JSON.parse(readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8'));

const resolve = (template: object): ResolvedTemplate =>
  resolveTemplate(templateSchema.parse({ Resources: {}, ...template }), { environment });

const problemsOf = (template: object) => {
  try {
    resolve(template);
  } catch (error) {
    if (error instanceof TemplateError) return error.problems;
    throw error;
  }
  return [];
};

describe('functions', () => {
  it.each(cases<Record<string, string>>('functions.json'))('$name', ({ input, expected }) => {
    const outputs = resolve(input).outputs(new Map());
    expect(Object.fromEntries(outputs.map(({ key, value }) => [key, value]))).toEqual(expected);
  });
});

describe('problems', () => {
  it.each(cases<[string, string][]>('problems.json'))('$name', ({ input, expected }) => {
    expect(problemsOf(input).map(({ kind, at }) => [kind, at])).toEqual(expected);
  });

  const queue = (property: string, value: unknown) => ({
    Queue: { Type: 'AWS::SQS::Queue', Properties: { [property]: value } },
  });
  it.each([
    ['a number', queue('DelaySeconds', 1.5), 'InvalidProperty', 'expected a whole number, and got 1.5.'],
    ['a number in a text', queue('DelaySeconds', '5x'), 'InvalidProperty', 'expected a whole number, and got "5x".'],
    ['a boolean', queue('FifoQueue', 'yes'), 'InvalidProperty', 'expected true or false, and got "yes".'],
    [
      'an inert property, by the bounds of AWS',
      queue('MessageRetentionPeriod', '1'),
      'InvalidProperty',
      /^Invalid value for the parameter MessageRetentionPeriod\. Reason: Must be between 60 and 1209600, and got 1\.$/,
    ],
    [
      'a fixed word',
      { Stream: { Type: 'AWS::Kinesis::Stream', Properties: { StreamModeDetails: { StreamMode: 'x'.repeat(50) } } } },
      'InvalidProperty',
      /^Invalid option: expected one of "ON_DEMAND"\|"PROVISIONED", and got "x{39}…\.$/,
    ],
    [
      'a text, which is not shown',
      { Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { secret: 'hush' } } } },
      'InvalidProperty',
      /^(?!.*hush)/,
    ],
    [
      'a word that only AWS knows',
      { Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupClass: 'DELIVERY' } } },
      'UnsupportedProperty',
      'the local runtime supports only STANDARD, and got "DELIVERY".',
    ],
    [
      'a property that is not honoured',
      queue('Colour', 'red'),
      'UnsupportedProperty',
      /Leave it out, or start the runtime with --ignore-unsupported AWS::SQS::Queue, which leaves out all/,
    ],
  ])('names the value of %s', (_name, Resources, kind, message) => {
    const text = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(problemsOf({ Resources })).toEqual([{ kind, at: expect.any(String), message: text }]);
  });

  it('reports all problems with their places in one message', () => {
    expect(() =>
      resolve({ Resources: { Cluster: { Type: 'AWS::ECS::Cluster' } }, Outputs: { A: { Value: { Ref: 'B' } } } }),
    ).toThrow(
      /^The template of stack Stack cannot run locally:\n {2}UnsupportedResource at Cluster: .*AWS::ECS::Cluster.*\n {2}UnresolvedReference at Outputs\.A: there is no B/,
    );
  });
});

describe('resources', () => {
  const template = {
    Resources: {
      Pipe: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Source: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
          Target: 't',
        },
        DependsOn: ['Role', 'Alias'],
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: { Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' },
          },
        },
      },
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: { 'Fn::GetAZs': '' } } },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
          SSESpecification: { SSEEnabled: true },
        },
      },
      Bucket: { Type: 'AWS::S3::Bucket', DependsOn: 'Table' },
      Named: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': '${AWS::StackName}-dlq' } } },
    },
  };

  const role: [string, CreatedResource] = ['Role', { ref: 'Stack-Role', attributes: { Arn: 'arn:of-the-role' } }];

  it('come after the real resources that they refer to, and pipes come last', () => {
    const { resources } = resolve(template);
    expect(resources.map(({ logicalId, dependencies }) => [logicalId, [...dependencies].sort()])).toEqual([
      ['Role', []],
      ['Table', []],
      ['Bucket', ['Table']],
      ['Named', []],
      ['Pipe', ['Bucket', 'Named', 'Role', 'Table']],
    ]);
  });

  it('that refer to a pipe come after it, and may take the ARN of a table stream apart', () => {
    const label = { 'Fn::Select': [3, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Table', 'StreamArn'] }] }] };
    const Properties = {
      ...{ Namespace: 'N', MetricName: 'm', Period: 60, Statistic: 'Sum' },
      ...{ ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Threshold: 0 },
      Dimensions: [
        { Name: 'PipeName', Value: { Ref: 'Pipe' } },
        { Name: 'StreamLabel', Value: label },
      ],
    };
    const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties };
    const { resources } = resolve({ ...template, Resources: { Alarm: alarm, ...template.Resources } });
    expect(resources.map(({ logicalId }) => logicalId).slice(-2)).toEqual(['Pipe', 'Alarm']);
  });

  it('are named by stack and logical id, in lower case for S3', () => {
    const { resources } = resolve(template);
    expect(resources.map(({ physicalName }) => physicalName)).toEqual([
      'Stack-Role',
      'Stack-Table',
      'stack-bucket',
      'Stack-Named',
      'Stack-Pipe',
    ]);
  });

  it('get the values of created resources', () => {
    const pipe = resolve(template).resources.find(({ logicalId }) => logicalId === 'Pipe');
    const created = new Map([['Table', { ref: 'Stack-Table', attributes: { StreamArn: 'arn:the-real-one' } }], role]);
    expect(pipe?.properties(created)).toEqual({
      RoleArn: 'arn:of-the-role',
      Source: 'arn:the-real-one',
      Target: 't',
    });
  });

  it('without an attribute are an error of the resource that refers to it', () => {
    const pipe = resolve(template).resources.find(({ logicalId }) => logicalId === 'Pipe');
    const created = new Map<string, CreatedResource>([['Table', { ref: 'Stack-Table', attributes: {} }], role]);
    expect(() => pipe?.properties(created)).toThrow(
      'UnresolvedReference at Pipe.Source: Table has no attribute StreamArn here',
    );
  });

  it('and properties that are inert are listed with the reason', () => {
    const { inert } = resolve(template);
    expect(inert.map(({ what, logicalIds }) => [what, logicalIds])).toEqual([
      ['AWS::KMS::Alias', ['Alias']],
      ['AWS::DynamoDB::Table SSESpecification.SSEEnabled', ['Table']],
    ]);
    for (const { reason } of inert) expect(reason).not.toBe('');
  });
});
