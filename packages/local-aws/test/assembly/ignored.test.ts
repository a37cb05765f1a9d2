import { expect, it } from '@jest/globals';
import { describeIgnored } from '../../src/assembly/ignored.ts';
import { resolveTemplate } from '../../src/assembly/resolve-template.ts';
import { templateSchema } from '../../src/assembly/template.ts';
import { smallResources } from '../small-assembly.ts';

const environment = {
  stackName: 'Small',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};
const { Queue, Bucket } = smallResources;
const template = templateSchema.parse({
  Resources: {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { Size: { Ref: 'Nowhere' } } },
    Alone: { Type: 'AWS::ECS::Service' },
    Queue: {
      ...Queue,
      Properties: { QueueName: { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Cluster', 'Arn'] }] }] } },
      DependsOn: 'Cluster',
    },
    Bucket,
  },
  Outputs: { Cidr: { Value: { 'Fn::GetAtt': 'Cluster.Size' } }, Id: { Value: { Ref: 'Cluster' } } },
});
const types = ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::S3::Bucket'];

it('names each resource of an ignored type, and what gets a placeholder for it', () => {
  const { ignored, inert, resources } = resolveTemplate(template, { environment, ignoreUnsupported: types });
  expect(ignored.map(describeIgnored)).toEqual([
    'Ignored: AWS::ECS::Cluster Cluster of Small is not created (--ignore-unsupported). ' +
      'Queue gets "arn:aws:ignored:us-east-1:000000000000:Small-Cluster/Small-Cluster/Arn" for Cluster.Arn; ' +
      'Outputs gets "Small-Cluster-ignored.Size" for Cluster.Size; Outputs gets "Small-Cluster-ignored" for Cluster.',
    'Ignored: AWS::ECS::Service Alone of Small is not created (--ignore-unsupported). Nothing refers to it.',
    'Ignored: AWS::S3::Bucket Bucket of Small is not created (--ignore-unsupported). Nothing refers to it.',
  ]);
  expect(inert).toEqual([]);
  expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Queue']);
});

it('gives the placeholders to resources and outputs, also where a template takes an ARN apart', () => {
  const { resources, outputs } = resolveTemplate(template, { environment, ignoreUnsupported: types });
  const [queue] = resources;
  expect(queue?.properties(new Map())).toEqual({ QueueName: 'Small-Cluster' });
  expect(queue?.dependencies).toEqual(new Set());
  expect(outputs(new Map()).map(({ value }) => value)).toEqual(['Small-Cluster-ignored.Size', 'Small-Cluster-ignored']);
});

const unknownCluster =
  String.raw`^The template of stack Small cannot run locally:\n {2}UnsupportedResource at Cluster: the local runtime ` +
  String.raw`does not know AWS::ECS::Cluster \(docs/feature-support\.md lists what runs\)\.`;

it('refuses an unsupported type that is not among them, and says how to ignore it', () => {
  expect(() => resolveTemplate(template, { environment, ignoreUnsupported: ['AWS::ECS::Service'] })).toThrow(
    new RegExp(
      `${unknownCluster} Leave the resource out, or start the runtime with --ignore-unsupported AWS::ECS::Cluster: ` +
        String.raw`then it is not created, and references to it give placeholders\.$`,
    ),
  );
});

it('names several unsupported types once more, with the options that leave them out', () => {
  expect(() => resolveTemplate(template, { environment })).toThrow(
    new RegExp(
      String.raw`${unknownCluster}\n {2}UnsupportedResource at Alone: .*\nTo run without .*: ` +
        '--ignore-unsupported AWS::ECS::Cluster --ignore-unsupported AWS::ECS::Service$',
    ),
  );
});
