import {
  CreateChangeSetCommand,
  DescribeStackResourcesCommand,
  type DescribeStackResourcesCommandInput,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackStatus,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemRandom } from '@tweet-pipes/kit/random';
import { createCloudFormationService } from '../../src/cloudformation/service.ts';
import type { StackResource } from '../../src/cloudformation/stack.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { createPublishedStacks } from './published-stacks.ts';

const createdAt = new Date('2026-01-02T03:04:05.000Z');
const createdAtMs = createdAt.getTime();
const stacks = createPublishedStacks();
const service = createCloudFormationService(stacks);
const madeResource = (logicalId: string, ref: string, type: string): StackResource => ({
  ...{ logicalId, ref, type, physicalName: ref, attributes: {}, properties: {} },
  ...{ deletionPolicy: 'Delete', status: 'CREATE_COMPLETE', updatedAtMs: createdAtMs },
});
let gateway: Gateway;
let clients: AwsClients;
beforeAll(async () => {
  const options = { port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom, engines: [] };
  gateway = await startGateway({ ...options, services: [service] });
  clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
});
afterAll(async () => {
  clients.destroy();
  await gateway.stop();
});

describe('DescribeStacks', () => {
  it('returns the outputs of the last publication', async () => {
    stacks.publish({ name: 'Sensors', createdAtMs, outputs: [{ key: 'Old', value: 'x' }] });
    stacks.publish({
      name: 'Sensors',
      createdAtMs,
      description: 'a <b>',
      outputs: [{ key: 'TableName', value: 'Sensors-Readings', description: 'd', exportName: 'e' }],
      tags: { team: 'ж' },
    });
    stacks.publish({ name: 'Other', createdAtMs, outputs: [] });
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'Sensors' }));
    const StackId = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Sensors/1';
    expect(Stacks).toMatchObject([
      {
        StackId,
        StackName: 'Sensors',
        StackStatus: 'CREATE_COMPLETE',
        Description: 'a <b>',
        CreationTime: createdAt,
        Outputs: [{ OutputKey: 'TableName', OutputValue: 'Sensors-Readings', Description: 'd', ExportName: 'e' }],
        Tags: [{ Key: 'team', Value: 'ж' }],
      },
    ]);
    expect((await clients.cloudformation.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks).toEqual(
      Stacks,
    );
    expect((await clients.cloudformation.send(new DescribeStacksCommand({}))).Stacks).toHaveLength(2);
  });

  it("answers CloudFormation's error for an unknown stack", async () => {
    const call = clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'Nope' }));
    await expect(call).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack with id Nope does not exist' });
  });
});

describe('what tools ask of stacks first', () => {
  const StackId = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Made/1';
  const made = [
    madeResource('Stream', 'Made-Stream', 'AWS::Kinesis::Stream'),
    madeResource('Bucket', 'made-bucket', 'AWS::S3::Bucket'),
  ];
  beforeAll(() => stacks.publish({ name: 'Made', createdAtMs, outputs: [], resources: made }));

  it('which there are', async () => {
    const list = async (StackStatusFilter?: StackStatus[]) => {
      const { StackSummaries = [] } = await clients.cloudformation.send(new ListStacksCommand({ StackStatusFilter }));
      return StackSummaries.filter(({ StackName }) => StackName === 'Made');
    };
    expect(await list()).toMatchObject([{ StackId, CreationTime: createdAt, StackStatus: 'CREATE_COMPLETE' }]);
    expect(await list(['CREATE_COMPLETE', 'UPDATE_COMPLETE'])).toHaveLength(1);
    expect(await list(['DELETE_COMPLETE'])).toEqual([]);
  });

  it('what is in them', async () => {
    const describeResources = async (input: DescribeStackResourcesCommandInput) => {
      const { StackResources } = await clients.cloudformation.send(new DescribeStackResourcesCommand(input));
      return StackResources?.map(({ LogicalResourceId }) => LogicalResourceId);
    };
    expect(await describeResources({ StackName: 'Made' })).toEqual(['Stream', 'Bucket']);
    expect(await describeResources({ StackName: StackId, LogicalResourceId: 'Bucket' })).toEqual(['Bucket']);
    expect(await describeResources({ PhysicalResourceId: 'Made-Stream' })).toEqual(['Stream', 'Bucket']);
    await expect(describeResources({})).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(describeResources({ PhysicalResourceId: 'none' })).rejects.toMatchObject({ name: 'ValidationError' });
    const list = new ListStackResourcesCommand({ StackName: 'Made' });
    expect((await clients.cloudformation.send(list)).StackResourceSummaries).toMatchObject([
      { LogicalResourceId: 'Stream', PhysicalResourceId: 'Made-Stream', ResourceType: 'AWS::Kinesis::Stream' },
      { LogicalResourceId: 'Bucket', LastUpdatedTimestamp: createdAt },
    ]);
  });
});

describe('templates', () => {
  const Parameters = { Size: { Type: 'Number', Default: 3 }, Name: { Type: 'String' } };
  const Resources = { B: { Type: 'AWS::S3::Bucket' }, A: { Type: 'AWS::S3::Bucket' } };
  const template = JSON.stringify({ Description: 'a', Parameters, Resources });
  const parameters = [
    { ParameterKey: 'Size', ParameterType: 'Number', DefaultValue: '3' },
    { ParameterKey: 'Name', ParameterType: 'String' },
  ];
  beforeAll(() => stacks.publish({ name: 'Written', createdAtMs, outputs: [], templateText: template }));

  it('of a stack are told, for cdk diff', async () => {
    const { cloudformation } = clients;
    const got = await cloudformation.send(new GetTemplateCommand({ StackName: 'Written', TemplateStage: 'Original' }));
    expect(got.TemplateBody).toBe(template);
    const summary = await cloudformation.send(new GetTemplateSummaryCommand({ StackName: 'Written' }));
    expect(summary).toMatchObject({ Parameters: parameters, ResourceTypes: ['AWS::S3::Bucket'], Description: 'a' });
    const nobody = cloudformation.send(new GetTemplateCommand({ StackName: 'Nobody' }));
    await expect(nobody).rejects.toMatchObject({ message: 'Stack with id Nobody does not exist' });
  });

  it.each([
    ['AWS::S3::Bucket', 'Template format error: JSON not well-formed.'],
    ['{"Resources": []}', 'Template format error: '],
  ])('that are none are refused: %s', async (TemplateBody, message) => {
    const validate = (body: string) => clients.cloudformation.send(new ValidateTemplateCommand({ TemplateBody: body }));
    expect(await validate(template)).toMatchObject({
      Parameters: [{ ParameterKey: 'Size' }, { ParameterKey: 'Name' }],
    });
    await expect(validate(TemplateBody)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });
});

it('says what to do in place of a deployment', async () => {
  const create = new CreateChangeSetCommand({ StackName: 'New', ChangeSetName: 'new' });
  await expect(clients.cloudformation.send(create)).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('start it again, here with npx tweet-pipes local'),
  });
});

it('refuses an unknown operation by name', async () => {
  await expect(clients.cloudformation.send(new ListExportsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});
