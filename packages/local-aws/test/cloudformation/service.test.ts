import {
  CancelUpdateStackCommand,
  type CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DescribeTypeCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  ListTypesCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { until } from '../../../kit/test/until.ts';
import { support } from '../../src/assembly/support.ts';
import { createCloudFormationService } from '../../src/cloudformation/service.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { FakeEngine } from './fake-engine.ts';

const clock = new ManualClock();
let engine: FakeEngine;
let gateway: Gateway;
let clients: AwsClients;
let cfn: CloudFormationClient;
/** The names of parameters that the endpoint made when they were asked for. */
const provided = new Map<
  string,
  { name: string; type: 'String'; value: string; version: number; dataType: 'text'; changedAtMs: number }
>();
/** Objects by `bucket/key`. */
const objects = new Map<string, string>();

beforeEach(async () => {
  engine = new FakeEngine();
  const options = { port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom, engines: [] };
  const service = createCloudFormationService({
    ...{ clock, random: systemRandom, engine: () => engine, clients: () => ({ ...clients, s3: fakeS3 }) },
    parameters: provided,
    types: support,
    async provideParameter(name) {
      if (name !== '/given') return;
      provided.set(name, { name, type: 'String', value: '7', version: 1, dataType: 'text', changedAtMs: 0 });
    },
    log: () => {},
  });
  gateway = await startGateway({ ...options, services: [service] });
  clients = createClients({ endpoint: gateway.endpoint, maxAttempts: 1 });
  cfn = clients.cloudformation;
});
afterEach(async () => {
  clients.destroy();
  await gateway.stop();
});

/** S3 that has `objects`. */
const fakeS3 = Object.assign(new S3Client({ region: 'us-east-1' }), {
  async send(command: unknown) {
    if (!(command instanceof GetObjectCommand)) throw new Error('Only objects are read.');
    const text = objects.get(`${command.input.Bucket}/${command.input.Key}`);
    if (text === undefined) throw new NoSuchKey({ message: 'no', $metadata: {} });
    return { Body: { transformToString: async () => text } };
  },
});

const template = (resources: object, more: object = {}) => JSON.stringify({ Resources: resources, ...more });
const queue = (VisibilityTimeout: number) => ({ Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout } });
const QUEUE = template({ Queue: queue(1) });

const create = (input: Partial<CreateStackCommandInput> = {}) =>
  cfn.send(new CreateStackCommand({ StackName: 'S', TemplateBody: QUEUE, ...input }));
const createChangeSet = (input: Partial<CreateChangeSetCommandInput> = {}) =>
  cfn.send(new CreateChangeSetCommand({ StackName: 'S', ChangeSetName: 'c', TemplateBody: QUEUE, ...input }));
const describeChangeSet = (ChangeSetName = 'c') =>
  cfn.send(new DescribeChangeSetCommand({ StackName: 'S', ChangeSetName }));
const execute = (ChangeSetName = 'c') => cfn.send(new ExecuteChangeSetCommand({ StackName: 'S', ChangeSetName }));
const describeStack = async (StackName = 'S') => (await cfn.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];

describe('a stack by change sets', () => {
  it('is in review until one is executed, and keeps its id', async () => {
    const { StackId, Id } = await createChangeSet({ ChangeSetType: 'CREATE', Description: 'first' });
    expect(Id).toMatch(/^arn:aws:cloudformation:us-east-1:000000000000:changeSet\/c\/[0-9a-f-]{36}$/);
    expect(await describeStack()).toMatchObject({ StackId, StackStatus: 'REVIEW_IN_PROGRESS' });
    expect((await cfn.send(new DescribeStackEventsCommand({ StackName: StackId }))).StackEvents).toHaveLength(1);
    expect(await describeChangeSet()).toMatchObject({
      ...{ ChangeSetId: Id, StackId, StackName: 'S', Description: 'first' },
      ...{ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' },
      Changes: [
        {
          Type: 'Resource',
          ResourceChange: { Action: 'Add', LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue' },
        },
      ],
    });
    await execute();
    expect(await describeStack()).toMatchObject({ StackId, StackStatus: 'CREATE_COMPLETE' });
    expect(await describeChangeSet()).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
    await expect(execute()).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('says what an update changes', async () => {
    await create({ TemplateBody: template({ Queue: queue(1), Gone: queue(1) }) });
    await createChangeSet({ TemplateBody: template({ Queue: queue(2), New: queue(1) }) });
    const { Changes = [] } = await describeChangeSet();
    expect(Changes.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
      {
        ...{ Action: 'Modify', LogicalResourceId: 'Queue', PhysicalResourceId: 'S-Queue', Replacement: 'False' },
        Scope: ['Properties'],
        Details: [
          {
            Target: { Attribute: 'Properties', Name: 'VisibilityTimeout', RequiresRecreation: 'Never' },
            ...{ Evaluation: 'Static', ChangeSource: 'DirectModification' },
          },
        ],
      },
      { Action: 'Add', LogicalResourceId: 'New' },
      { Action: 'Remove', LogicalResourceId: 'Gone', PolicyAction: 'Delete' },
    ]);
  });

  it('fails without changes, with the sentence that tools compare', async () => {
    await create();
    await createChangeSet();
    expect(await describeChangeSet()).toMatchObject({
      ...{ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' },
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(execute()).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('names every resource that the endpoint does not know, before anything is created', async () => {
    const TemplateBody = template({
      Vpc: { Type: 'AWS::ECS::Cluster' },
      Queue: { ...queue(1), Properties: { Colour: 1 } },
    });
    const { Id } = await createChangeSet({ ChangeSetType: 'CREATE', TemplateBody });
    const { Status, StatusReason } = await describeChangeSet();
    expect(Status).toBe('FAILED');
    expect(StatusReason).toMatch(
      /UnsupportedResource at Vpc: .*AWS::ECS::Cluster.*\n.*UnsupportedProperty at Queue.Colour/s,
    );
    const { OperationEvents } = await cfn.send(
      new DescribeEventsCommand({ ChangeSetName: Id, Filters: { FailedEvents: true } }),
    );
    expect(OperationEvents).toMatchObject([
      { LogicalResourceId: 'Vpc', ValidationPath: '/Resources/Vpc', ResourceType: 'AWS::ECS::Cluster' },
      {
        LogicalResourceId: 'Queue',
        ValidationPath: '/Resources/Queue/Properties/Colour',
        EventType: 'VALIDATION_ERROR',
      },
    ]);
    expect(engine.asked).toEqual([]);
  });

  it('takes over what exists, and reverts drift, if the change set says so', async () => {
    await createChangeSet({ ChangeSetType: 'CREATE', ImportExistingResources: true, DeploymentMode: 'REVERT_DRIFT' });
    await execute();
    expect(engine.asked).toMatchObject([{ deploy: { adopt: true, revertsDrift: true } }]);
  });

  it('is given up with its change set', async () => {
    const { StackId } = await createChangeSet({ ChangeSetType: 'CREATE' });
    await cfn.send(new DeleteChangeSetCommand({ StackName: 'S', ChangeSetName: 'c' }));
    await expect(describeChangeSet()).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
    await cfn.send(new DeleteStackCommand({ StackName: StackId }));
    await expect(describeStack(StackId)).rejects.toMatchObject({
      ...{ name: 'ValidationError', message: `Stack with id ${StackId} does not exist` },
    });
    expect(engine.asked).toEqual([]);
  });

  it('is protected before it is created, as the CDK does', async () => {
    await createChangeSet({ ChangeSetType: 'CREATE' });
    const protect = (EnableTerminationProtection: boolean) =>
      cfn.send(new UpdateTerminationProtectionCommand({ StackName: 'S', EnableTerminationProtection }));
    await protect(true);
    expect(await describeStack()).toMatchObject({ EnableTerminationProtection: true });
    await expect(cfn.send(new DeleteStackCommand({ StackName: 'S' }))).rejects.toThrow('cannot be deleted while');
    await execute();
    expect(await describeStack()).toMatchObject({ StackStatus: 'CREATE_COMPLETE', EnableTerminationProtection: true });
  });

  it('lists its change sets, and drops those that another has made out of date', async () => {
    await create();
    await createChangeSet({ ChangeSetName: 'a', TemplateBody: template({ Queue: queue(2) }) });
    await createChangeSet({ ChangeSetName: 'b', TemplateBody: template({ Queue: queue(3) }) });
    const names = async () => {
      const { Summaries = [] } = await cfn.send(new ListChangeSetsCommand({ StackName: 'S' }));
      return Summaries.map(({ ChangeSetName }) => ChangeSetName);
    };
    expect(await names()).toEqual(['a', 'b']);
    await execute('b');
    expect(await names()).toEqual(['b']);
  });

  it('keeps its change sets where its deletion is refused', async () => {
    await create();
    await createChangeSet({ TemplateBody: template({ Queue: queue(2) }) });
    const hold = Promise.withResolvers<void>();
    engine.hold = hold.promise;
    const executing = execute();
    while ((await describeStack())?.StackStatus !== 'UPDATE_IN_PROGRESS');
    await expect(cfn.send(new DeleteStackCommand({ StackName: 'S' }))).rejects.toThrow('while in status UPDATE');
    hold.resolve();
    await executing;
    expect(await describeChangeSet()).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
  });

  it('is deleted after a failure, if the change set says so', async () => {
    const TemplateBody = template({
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: FakeEngine.FAILING } },
    });
    const { StackId } = await createChangeSet({ ChangeSetType: 'CREATE', TemplateBody, OnStackFailure: 'DELETE' });
    await execute();
    expect(await describeStack(StackId)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });
});

describe('a stack without change sets', () => {
  it('is created with parameters and tags, updated with its former ones, and deleted', async () => {
    const TemplateBody = template(
      { Queue: queue(1) },
      { Parameters: { Size: { Type: 'Number', Default: 3 }, Secret: { Type: 'String', NoEcho: true } } },
    );
    const { StackId } = await create({
      TemplateBody,
      Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'ж' }],
      Tags: [{ Key: 'team', Value: 'ж & <b>' }],
      RoleARN: 'arn:aws:iam::000000000000:role/r',
      EnableTerminationProtection: true,
      ClientRequestToken: 't',
    });
    expect(await describeStack(StackId)).toMatchObject({
      ...{ StackName: 'S', StackStatus: 'CREATE_COMPLETE', DisableRollback: false, EnableTerminationProtection: true },
      Parameters: [
        { ParameterKey: 'Size', ParameterValue: '3' },
        { ParameterKey: 'Secret', ParameterValue: '****' },
      ],
      Tags: [{ Key: 'team', Value: 'ж & <b>' }],
      RoleARN: 'arn:aws:iam::000000000000:role/r',
    });
    // The client did not see the answer and asks again.
    expect(await create({ TemplateBody, ClientRequestToken: 't' })).toMatchObject({ StackId });

    const update = {
      ...{ StackName: StackId, UsePreviousTemplate: true },
      Parameters: [
        { ParameterKey: 'Secret', UsePreviousValue: true },
        { ParameterKey: 'Size', ParameterValue: '4' },
      ],
    };
    await expect(cfn.send(new UpdateStackCommand(update))).rejects.toMatchObject({
      ...{ name: 'ValidationError', message: 'No updates are to be performed.' },
    });
    await cfn.send(new UpdateStackCommand({ ...update, Tags: [] }));
    expect(engine.asked.at(-1)).toMatchObject({ deploy: { parameters: { Secret: 'ж', Size: '4' }, tags: {} } });

    await expect(cfn.send(new DeleteStackCommand({ StackName: 'S' }))).rejects.toMatchObject({
      message: 'Stack [S] cannot be deleted while TerminationProtection is enabled',
    });
    await cfn.send(new UpdateTerminationProtectionCommand({ StackName: 'S', EnableTerminationProtection: false }));
    await cfn.send(new DeleteStackCommand({ StackName: 'S', RetainResources: ['Queue'] }));
    expect(engine.asked.at(-1)).toEqual({ remove: 'S', retain: ['Queue'] });
    expect(await describeStack(StackId)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    await expect(cfn.send(new UpdateStackCommand({ ...update, StackName: StackId, Tags: [] }))).rejects.toMatchObject({
      message: `Stack:${StackId} is in DELETE_COMPLETE state and can not be updated.`,
    });
    await expect(describeStack('S')).rejects.toMatchObject({ message: 'Stack with id S does not exist' });
    await cfn.send(new DeleteStackCommand({ StackName: 'S' })); // No error, as on AWS.
  });

  it('goes on after the answer when it takes long', async () => {
    const hold = Promise.withResolvers<void>();
    engine.hold = hold.promise;
    const answer = create();
    await until(() => clock.sleeping === 1);
    await clock.advance(10_000);
    await answer;
    expect(await describeStack()).toMatchObject({ StackStatus: 'CREATE_IN_PROGRESS' });
    await expect(createChangeSet()).rejects.toMatchObject({
      message: expect.stringMatching(/^Stack:arn:.* is in CREATE_IN_PROGRESS state and can not be updated\.$/),
    });
    hold.resolve();
    await until(async () => (await describeStack())?.StackStatus === 'CREATE_COMPLETE');
  });

  it('takes its template from a bucket, in any style of URL', async () => {
    objects.set('my.bucket/a/t.yml', 'Resources: { Queue: { Type: AWS::SQS::Queue } }');
    const urls = [
      'https://s3.us-east-1.amazonaws.com/my.bucket/a/t.yml',
      'https://s3.amazonaws.com/my.bucket/a%2Ft.yml',
      'https://my.bucket.s3.amazonaws.com/a/t.yml',
      'https://my.bucket.s3.eu-central-1.amazonaws.com/a/t.yml',
      'http://127.0.0.1:4566/my.bucket/a/t.yml',
      'http://my.bucket.s3.localhost:4566/a/t.yml',
      's3://my.bucket/a/t.yml',
    ];
    for (const TemplateURL of urls) {
      const { ResourceTypes } = await cfn.send(new GetTemplateSummaryCommand({ TemplateURL }));
      expect(ResourceTypes).toEqual(['AWS::SQS::Queue']);
    }
    await create({ TemplateBody: undefined, TemplateURL: urls[0] });
    const { TemplateBody } = await cfn.send(new GetTemplateCommand({ StackName: 'S' }));
    expect(TemplateBody).toBe(objects.get('my.bucket/a/t.yml'));
  });

  it('takes values from the parameter store', async () => {
    const TemplateBody = template(
      { Queue: queue(1) },
      { Parameters: { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/given' } } },
    );
    await create({ TemplateBody });
    expect((await describeStack())?.Parameters).toEqual([
      { ParameterKey: 'Version', ParameterValue: '/given', ResolvedValue: '7' },
    ]);
    const Parameters = [{ ParameterKey: 'Version', ParameterValue: '/none' }];
    await expect(create({ StackName: 'T', TemplateBody, Parameters })).rejects.toMatchObject({
      message: 'Unable to fetch parameters [/none] from parameter store for this account.',
    });
  });
});

describe('a rollback', () => {
  it('is asked for in three ways, each sent twice counts once', async () => {
    await create();
    const skipped = { ResourcesToSkip: ['Queue'], ForceRollback: true };
    await cfn.send(new CancelUpdateStackCommand({ StackName: 'S' }));
    await cfn.send(new RollbackStackCommand({ StackName: 'S', RetainExceptOnCreate: true }));
    await cfn.send(new ContinueUpdateRollbackCommand({ StackName: 'S', ...skipped }));
    expect(engine.asked.slice(1)).toEqual([
      { cancelUpdate: 'S' },
      { rollBack: 'S', retainExceptOnCreate: true },
      { continueRollback: 'S', skip: ['Queue'], isForced: true },
    ]);
    await create({ StackName: 'T', ClientRequestToken: 'token' });
    await cfn.send(new RollbackStackCommand({ StackName: 'T', ClientRequestToken: 'token' }));
    expect(engine.asked).toHaveLength(5);
  });

  it.each([
    [{}, false],
    [{ DeploymentConfig: { Mode: 'EXPRESS' as const } }, true],
    [{ DeploymentConfig: { Mode: 'EXPRESS' as const, DisableRollback: false } }, false],
    [{ OnStackFailure: 'DO_NOTHING' as const }, true],
  ])('of a change set with %j is disabled: %s', async (input, disableRollback) => {
    await createChangeSet({ ChangeSetType: 'CREATE', ...input });
    await execute();
    expect(engine.asked).toMatchObject([{ deploy: { disableRollback } }]);
  });
});

describe('descriptions', () => {
  it('of stacks, resources, exports and imports', async () => {
    await create({
      StackName: 'Exporter',
      TemplateBody: template({ Queue: queue(1) }, { Outputs: { Name: { Value: 'v', Export: { Name: 'shared' } } } }),
    });
    const used = { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::ImportValue': 'shared' } } };
    await create({ StackName: 'Importer', TemplateBody: template({ Used: used }) });
    expect((await cfn.send(new DescribeStacksCommand({}))).Stacks?.map(({ StackName }) => StackName)).toEqual([
      'Importer',
      'Exporter',
    ]);
    const list = async (StackStatusFilter?: ('CREATE_COMPLETE' | 'DELETE_COMPLETE')[]) =>
      (await cfn.send(new ListStacksCommand({ StackStatusFilter }))).StackSummaries?.length;
    expect(await list()).toBe(2);
    expect(await list(['CREATE_COMPLETE'])).toBe(2);
    expect(await list(['DELETE_COMPLETE'])).toBe(0);

    const shown = { LogicalResourceId: 'Queue', PhysicalResourceId: 'Exporter-Queue', ResourceType: 'AWS::SQS::Queue' };
    const ofStack = { StackName: 'Exporter', LogicalResourceId: 'Queue' };
    for (const input of [ofStack, { PhysicalResourceId: 'Exporter-Queue' }]) {
      expect(await cfn.send(new DescribeStackResourcesCommand(input))).toMatchObject({ StackResources: [shown] });
    }
    expect(await cfn.send(new DescribeStackResourceCommand(ofStack))).toMatchObject({ StackResourceDetail: shown });
    expect(await cfn.send(new ListStackResourcesCommand({ StackName: 'Exporter' }))).toMatchObject({
      StackResourceSummaries: [shown],
    });
    expect((await cfn.send(new ListExportsCommand({}))).Exports).toMatchObject([{ Name: 'shared', Value: 'v' }]);
    expect((await cfn.send(new ListImportsCommand({ ExportName: 'shared' }))).Imports).toEqual(['Importer']);
  });

  it('of events, page by page, though others come in between', async () => {
    await create();
    for (let size = 2; size < 60; size++) {
      await cfn.send(new UpdateStackCommand({ StackName: 'S', TemplateBody: template({ Queue: queue(size) }) }));
    }
    const first = await cfn.send(new DescribeStackEventsCommand({ StackName: 'S' }));
    expect(first.StackEvents).toHaveLength(100);
    await cfn.send(new UpdateStackCommand({ StackName: 'S', TemplateBody: template({ Queue: queue(99) }) }));
    const next = { StackName: 'S', NextToken: first.NextToken };
    const second = await cfn.send(new DescribeStackEventsCommand(next));
    expect(second.NextToken).toBeUndefined();
    expect(second.StackEvents).toHaveLength(118 - 100);
    expect(second.StackEvents?.at(-1)).toMatchObject({ EventId: 'S-1', ResourceStatus: 'CREATE_IN_PROGRESS' });
  });

  it('of templates', async () => {
    const TemplateBody = template(
      { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } } },
      {
        ...{ Description: 'd', Metadata: { a: 1 }, AWSTemplateFormatVersion: '2010-09-09' },
        Parameters: { P: { Type: 'String', Default: 'x', AllowedValues: ['x', 'y'], Description: 'p' } },
      },
    );
    const parameter = { ParameterKey: 'P', DefaultValue: 'x', NoEcho: false, Description: 'p' };
    const capabilities = {
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
    };
    expect(await cfn.send(new GetTemplateSummaryCommand({ TemplateBody }))).toMatchObject({
      ...{ Description: 'd', Version: '2010-09-09', Metadata: '{"a":1}', ...capabilities },
      Parameters: [{ ...parameter, ParameterType: 'String', ParameterConstraints: { AllowedValues: ['x', 'y'] } }],
    });
    expect(await cfn.send(new ValidateTemplateCommand({ TemplateBody }))).toMatchObject({
      ...{ Description: 'd', Parameters: [parameter], ...capabilities },
    });
  });
});

it('describes a type with what replaces its resources, which the CDK asks', async () => {
  const answer = await cfn.send(new DescribeTypeCommand({ Type: 'RESOURCE', TypeName: 'AWS::SQS::Queue' }));
  expect(answer).toMatchObject({
    ...{ Arn: 'arn:aws:cloudformation:us-east-1::type/resource/AWS-SQS-Queue', TypeName: 'AWS::SQS::Queue' },
  });
  expect(JSON.parse(answer.Schema ?? '')).toMatchObject({
    properties: { VisibilityTimeout: {} },
    createOnlyProperties: expect.arrayContaining(['/properties/QueueName']),
    readOnlyProperties: expect.arrayContaining(['/properties/Arn']),
  });
  await expect(
    cfn.send(new DescribeTypeCommand({ Type: 'RESOURCE', TypeName: 'AWS::ECS::Cluster' })),
  ).rejects.toMatchObject({ name: 'TypeNotFoundException' });
  await expect(cfn.send(new DescribeTypeCommand({}))).rejects.toThrow('Specify TypeName or Arn.');
});

describe('refused', () => {
  const role = (RoleName?: string) =>
    template({ R: { Type: 'AWS::IAM::Role', Properties: { ...(RoleName && { RoleName }) } } });
  const cyclic = template({
    A: { Type: 'AWS::SQS::Queue', DependsOn: 'B' },
    B: { Type: 'AWS::SQS::Queue', DependsOn: 'A' },
  });
  const withParameter = (parameter: object) =>
    template({ Queue: queue(1) }, { Parameters: { P: { Type: 'String', ...parameter } } });
  const given = (ParameterValue: string, ParameterKey = 'P') => [{ ParameterKey, ParameterValue }];

  const creations: [title: string, input: Partial<CreateStackCommandInput>, message: RegExp][] = [
    ['a cycle', { TemplateBody: cyclic }, /^Circular dependency between resources: \[A, B\]$/],
    [
      'a wrong reference',
      { TemplateBody: template({ Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'X' } } } }) },
      /^Template format error: Unresolved resource dependencies \[X\] in the Resources block of the template$/,
    ],
    [
      'a wrong dependency',
      { TemplateBody: template({ Q: { ...queue(1), DependsOn: 'X' } }) },
      /^Template format error: Unresolved resource dependencies \[X\] in the Resources block of the template$/,
    ],
    [
      'a wrong reference of an output',
      { TemplateBody: template({ Q: queue(1) }, { Outputs: { O: { Value: { Ref: 'X' } } } }) },
      /^Template format error: Unresolved resource dependencies \[X\] in the Outputs block of the template$/,
    ],
    [
      'an attribute of nothing',
      { TemplateBody: template({ Q: queue(1) }, { Outputs: { O: { Value: { 'Fn::GetAtt': ['X', 'Arn'] } } } }) },
      /^Template error: instance of Fn::GetAtt references undefined resource X$/,
    ],
    [
      'an attribute that there is not',
      { TemplateBody: template({ Q: queue(1) }, { Outputs: { O: { Value: { 'Fn::GetAtt': ['Q', 'X'] } } } }) },
      /^Template error: resource Q does not support attribute type X in Fn::GetAtt$/,
    ],
    [
      'an unsupported resource',
      { TemplateBody: template({ C: { Type: 'AWS::ECS::Cluster' } }) },
      /cannot run locally.*AWS::ECS::Cluster/s,
    ],
    ['a text that is no template', { TemplateBody: 'Resources: [' }, /^Template format error: YAML not well-formed/],
    ['no template', { TemplateBody: undefined }, /Template URL or Template Body must be specified/],
    [
      'a template that is too large',
      { TemplateBody: template({ Queue: { ...queue(1), Metadata: 'x'.repeat(51_200) } }) },
      /51200 bytes/,
    ],
    [
      'a template that is in no bucket',
      { TemplateBody: undefined, TemplateURL: 'https://s3.amazonaws.com/b/k' },
      /no object k in the bucket b/,
    ],
    ['a URL of no object', { TemplateBody: undefined, TemplateURL: 'https://s3.amazonaws.com/' }, /valid S3 object/],
    ['a role', { TemplateBody: role() }, /^Requires capabilities : \[CAPABILITY_IAM\]$/],
    [
      'a named role',
      { TemplateBody: role('r'), Capabilities: ['CAPABILITY_IAM'] },
      /^Requires capabilities : \[CAPABILITY_NAMED_IAM\]$/,
    ],
    ['a parameter without value', { TemplateBody: withParameter({}) }, /^Parameters: \[P\] must have values$/],
    ['an unknown parameter', { Parameters: given('x', 'Q') }, /^Parameters: \[Q\] do not exist in the template$/],
    [
      'a former value of a new stack',
      { TemplateBody: withParameter({}), Parameters: [{ ParameterKey: 'P', UsePreviousValue: true }] },
      /not in the previous template/,
    ],
    [
      'a value that is not allowed',
      { TemplateBody: withParameter({ AllowedValues: ['a'] }), Parameters: given('b') },
      /^Parameter 'P' must be one of AllowedValues$/,
    ],
    [
      'a value that does not match',
      {
        TemplateBody: withParameter({ AllowedPattern: 'a+', ConstraintDescription: 'only a' }),
        Parameters: given('b'),
      },
      /^Parameter P failed to satisfy constraint: only a$/,
    ],
    [
      'a short value',
      { TemplateBody: withParameter({ MinLength: 2 }), Parameters: given('b') },
      /at least 2 characters/,
    ],
    [
      'a long value',
      { TemplateBody: withParameter({ MaxLength: 2 }), Parameters: given('bbb') },
      /at most 2 characters/,
    ],
    [
      'a value that is no number',
      { TemplateBody: withParameter({ Type: 'Number' }), Parameters: given('b') },
      /must be a number/,
    ],
    [
      'a small number',
      { TemplateBody: withParameter({ Type: 'Number', MinValue: 2 }), Parameters: given('1') },
      /not less than 2/,
    ],
    [
      'a large number',
      { TemplateBody: withParameter({ Type: 'Number', MaxValue: 2 }), Parameters: given('3') },
      /not greater than 2/,
    ],
    ['a bad name', { StackName: '1_' }, /'1_' at 'stackName'/],
    [
      'topics',
      { NotificationARNs: ['arn:aws:sns:us-east-1:000000000000:t'] },
      /NotificationARNs is not supported.*Leave it out/,
    ],
    ['a time limit', { TimeoutInMinutes: 5 }, /TimeoutInMinutes is not supported/],
    ['rollback in two ways', { OnFailure: 'ROLLBACK', DisableRollback: true }, /not both/],
  ];
  it.each(creations)('%s', async (_title, input, message) => {
    await expect(create(input)).rejects.toThrow(message);
    expect(engine.asked).toEqual([]);
  });

  it('a change set of a template with errors of its own, and no stack stays in review', async () => {
    await expect(createChangeSet({ ChangeSetType: 'CREATE', TemplateBody: cyclic })).rejects.toThrow(
      'Circular dependency between resources: [A, B]',
    );
    await expect(describeStack()).rejects.toThrow('Stack with id S does not exist');
  });

  it('a name in use, and changes of stacks that do not exist', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Stack [S] already exists',
    });
    await expect(createChangeSet({ ChangeSetType: 'CREATE' })).rejects.toThrow(
      'Stack [S] already exists and cannot be created again with the changeSet [c].',
    );
    await expect(createChangeSet({ StackName: 'T' })).rejects.toThrow('Stack [T] does not exist');
    await createChangeSet();
    await expect(createChangeSet()).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await expect(createChangeSet({ ChangeSetName: 'd', ChangeSetType: 'IMPORT' })).rejects.toThrow(
      /IMPORT is not supported/,
    );
    await expect(cfn.send(new UpdateStackCommand({ StackName: 'T', TemplateBody: QUEUE }))).rejects.toThrow(
      'Stack [T] does not exist',
    );
    await expect(cfn.send(new ListImportsCommand({ ExportName: 'x' }))).rejects.toThrow(/not imported by any stack/);
  });

  const refused: [title: string, send: () => Promise<unknown>, message: RegExp][] = [
    ['an operation that does not exist here', () => cfn.send(new ListTypesCommand({})), /ListTypes is not supported/],
  ];
  it.each(refused)('%s by name', async (_title, send, message) => {
    await expect(send()).rejects.toThrow(message);
  });
});
