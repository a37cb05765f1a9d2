import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTimeToLiveCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { FastForwardClock } from '@tweet-pipes/kit/clock';
import { until } from '../../kit/test/until.ts';
import { takeDataFolder } from '../src/data-folder.ts';
import {
  AssemblyError,
  DamagedDataError,
  DataFolderError,
  EngineError,
  FaultSpecError,
  PortInUseError,
  type Runtime,
  type RuntimeOptions,
  StackLoadError,
  StartTimeoutError,
  SynthesisError,
  startRuntime,
  TemplateError,
} from '../src/runtime.ts';
import { smallResources, writeSmallAssembly } from './small-assembly.ts';

let folder: string;
let runtime: Runtime | undefined;
let clients: AwsClients | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runtime-'));
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function start(resources: object, options: Partial<RuntimeOptions> & { outputs?: object } = {}) {
  const { outputs, ...rest } = options;
  const assemblyFolder = join(folder, 'assembly');
  await writeSmallAssembly(assemblyFolder, resources, outputs);
  runtime = await startRuntime({ dataFolder: join(folder, 'data'), assemblyFolder, ...rest });
  clients = createClients({ endpoint: runtime.endpoint });
  return { runtime, clients };
}

async function stop(): Promise<void> {
  clients?.destroy();
  await runtime?.stop();
  [clients, runtime] = [undefined, undefined];
}

/** A trust policy that lets nothing use its role. */
const NOBODY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
});

/** The stack with other properties for some resources. */
const changed = (properties: Record<string, object>) =>
  Object.fromEntries(
    Object.entries(smallResources).map(([id, resource]) => [
      id,
      { ...resource, Properties: { ...('Properties' in resource ? resource.Properties : {}), ...properties[id] } },
    ]),
  );

describe('a runtime', () => {
  it('creates the resources of the template, with the names and values of the engines', async () => {
    const { runtime, clients } = await start(smallResources, {
      outputs: {
        StreamName: { Value: { Ref: 'Stream' } },
        TableStream: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] }, Description: 'the stream' },
        QueueUrl: { Value: { Ref: 'Queue' } },
      },
    });
    expect(runtime.outputs).toEqual({
      StreamName: 'Small-Stream',
      TableStream: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Small-Table\/stream\/./),
      QueueUrl: `${runtime.endpoint}/000000000000/Small-Queue`,
    });
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'Small' }));
    expect(Stacks?.[0]?.Outputs).toContainEqual({
      OutputKey: 'TableStream',
      OutputValue: runtime.outputs.TableStream,
      Description: 'the stream',
    });
    const { StreamDescriptionSummary: stream } = await clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'Small-Stream' }),
    );
    expect(stream).toMatchObject({ OpenShardCount: 2, RetentionPeriodHours: 48 });
    const { TimeToLiveDescription } = await clients.dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName: 'Small-Table' }),
    );
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' });
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: runtime.outputs.QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: '7' });
    expect(runtime.inert.map(({ what }) => what)).toEqual(['AWS::KMS::Alias']);
  });

  it('is starting until everything is created, then ready; and idle when no work is pending', async () => {
    const seen: unknown[] = [];
    const { runtime } = await start(smallResources, {
      async intercept(call, forward) {
        if (call.operation === 'CreateQueue') {
          for (const path of ['/_health', '/_idle']) {
            const answer = await fetch(`http://${call.request.headers.host}${path}`);
            seen.push([answer.status, await answer.json()]);
          }
        }
        return forward();
      },
    });
    expect(seen).toEqual([
      [503, { status: 'starting' }],
      [409, { pending: [{ what: 'runtime', detail: 'starting' }] }],
    ]);
    const health = await fetch(`${runtime.endpoint}/_health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ready' }]);
    const idle = await fetch(`${runtime.endpoint}/_idle`);
    expect([idle.status, await idle.json()]).toEqual([200, { pending: [] }]);
    const status = await fetch(`${runtime.endpoint}/_status`);
    expect([status.status, await status.json()]).toEqual([
      200,
      {
        dataFolder: runtime.dataFolder,
        freeBytes: expect.any(Number),
        denials: [],
        faults: {},
        pipes: [],
      },
    ]);
  });

  it('is degraded while its disk is full, refuses writes, and goes on by itself when there is room', async () => {
    let freeMegabytes = 11;
    const lines: string[] = [];
    const { runtime, clients } = await start(smallResources, {
      freeBytes: () => freeMegabytes * 1e6,
      log: (line) => lines.push(line),
    });
    const health = async () => {
      const answer = await fetch(`${runtime.endpoint}/_health`);
      return [answer.status, await answer.json()];
    };
    const put = () => clients.dynamodb.send(new PutItemCommand({ TableName: 'Small-Table', Item: { id: { S: '1' } } }));
    expect(await health()).toEqual([200, { status: 'ready' }]);
    freeMegabytes = 2;
    await until(async () => (await health())[0] === 503);
    const why = `${runtime.dataFolder}, 2 MB left, needs 10 MB`;
    expect(await health()).toEqual([
      503,
      { status: 'degraded', problems: [{ what: 'disk full', why, do: expect.stringMatching(/^Free some/) }] },
    ]);
    await expect(put()).rejects.toMatchObject({ name: 'InternalServerError', message: `disk full: ${why}` });
    freeMegabytes = 50;
    await until(async () => (await health())[0] === 200);
    await put();
    expect(lines).toEqual([expect.stringContaining(`disk full: ${why}`), expect.stringContaining('has room again')]);
  });

  it('does not start on a full disk', async () => {
    const starting = start(smallResources, { freeBytes: () => 4e6 });
    await expect(starting).rejects.toThrow(DataFolderError);
    await expect(starting).rejects.toThrow(/^disk full: .*data, 4 MB left, needs 10 MB\. Free some.*--data/);
  });

  it('keeps its data over a restart, and changes what AWS would change in place', async () => {
    const tableStream = { TableStream: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] } } };
    const first = await start(smallResources, { outputs: tableStream });
    await first.clients.dynamodb.send(new PutItemCommand({ TableName: 'Small-Table', Item: { id: { S: '1' } } }));
    await first.clients.s3.send(new PutObjectCommand({ Bucket: 'small-bucket', Key: 'a', Body: 'kept' }));
    const settingsOf = ({ endpoint }: Runtime) => {
      const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
      return { ssm: new SSMClient(options), iam: new IAMClient(options) };
    };
    const { ssm, iam } = settingsOf(first.runtime);
    await ssm.send(new PutParameterCommand({ Name: '/kept', Type: 'String', Value: '1' }));
    await iam.send(new CreateRoleCommand({ RoleName: 'kept', AssumeRolePolicyDocument: NOBODY }));
    const TemplateBody = JSON.stringify({
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Topic: { Value: { Ref: 'Topic' } } },
    });
    await first.clients.cloudformation.send(new CreateStackCommand({ StackName: 'Mine', TemplateBody }));
    expect(first.runtime.stacks.map(({ name }) => name)).toEqual(['Small']);
    await stop();
    const second = await start(changed({ Stream: { RetentionPeriodHours: 24 }, Queue: { VisibilityTimeout: 9 } }), {
      outputs: { ...tableStream, QueueUrl: { Value: { Ref: 'Queue' } } },
    });
    // A pipe's checkpoint belongs to this ARN.
    expect(second.runtime.outputs.TableStream).toBe(first.runtime.outputs.TableStream);
    const { Item } = await second.clients.dynamodb.send(
      new GetItemCommand({ TableName: 'Small-Table', Key: { id: { S: '1' } } }),
    );
    expect(Item).toEqual({ id: { S: '1' } });
    const { Body } = await second.clients.s3.send(new GetObjectCommand({ Bucket: 'small-bucket', Key: 'a' }));
    expect(await Body?.transformToString()).toBe('kept');
    const { StreamDescriptionSummary: stream } = await second.clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'Small-Stream' }),
    );
    expect(stream?.RetentionPeriodHours).toBe(24);
    const { Attributes } = await second.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: second.runtime.outputs.QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes?.VisibilityTimeout).toBe('9');
    const Topic = expect.stringMatching(/:Mine-Topic$/);
    expect(second.runtime.deployedStacks).toEqual([{ name: 'Mine', status: 'CREATE_COMPLETE', outputs: { Topic } }]);
    const settings = settingsOf(second.runtime);
    const { Parameter } = await settings.ssm.send(new GetParameterCommand({ Name: '/kept' }));
    expect(Parameter?.Value).toBe('1');
    const { Role } = await settings.iam.send(new GetRoleCommand({ RoleName: 'kept' }));
    expect(Role?.RoleName).toBe('kept');
  });

  it('reports what cannot be changed, and starts empty with fresh', async () => {
    const first = await start(smallResources);
    await first.clients.dynamodb.send(new PutItemCommand({ TableName: 'Small-Table', Item: { id: { S: '1' } } }));
    await stop();
    const other = changed({ Table: { TimeToLiveSpecification: { AttributeName: 'other', Enabled: true } } });
    await expect(start(other)).rejects.toMatchObject({
      name: 'StackLoadError',
      message: expect.stringMatching(/Table \(AWS::DynamoDB::Table\): .* current AttributeName is expiresAt\. Leave /),
    });
    const { clients } = await start(other, { fresh: true });
    const { Item } = await clients.dynamodb.send(
      new GetItemCommand({ TableName: 'Small-Table', Key: { id: { S: '1' } } }),
    );
    expect(Item).toBeUndefined();
  });

  it('replaces what AWS would replace, and says where the data is', async () => {
    const first = await start(smallResources);
    await first.clients.dynamodb.send(new PutItemCommand({ TableName: 'Small-Table', Item: { id: { S: '1' } } }));
    await stop();
    const lines: string[] = [];
    const { Table, ...rest } = changed({
      Table: {
        KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      },
    });
    const { clients, runtime } = await start(
      { ...rest, Table: { ...Table, UpdateReplacePolicy: 'Retain' } },
      { outputs: { TableName: { Value: { Ref: 'Table' } } }, log: (line) => lines.push(line) },
    );
    const { TableName = '' } = runtime.outputs;
    expect(TableName).toMatch(/^Small-Table-[A-Z0-9]{12}$/);
    expect(lines).toEqual([expect.stringContaining(`${TableName} is new. Small-Table stays with its data`)]);
    const { Item } = await clients.dynamodb.send(
      new GetItemCommand({ TableName: 'Small-Table', Key: { id: { S: '1' } } }),
    );
    expect(Item).toEqual({ id: { S: '1' } });
  });

  it('replaces a pipe at a start without running the old one with the rights of the new', async () => {
    const resourcesFor = (source: string) => {
      const stream = { 'Fn::GetAtt': [source, 'StreamArn'] };
      const queue = { 'Fn::GetAtt': ['Queue', 'Arn'] };
      const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
      const read = ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((name) => `dynamodb:${name}`);
      return {
        ...{ Queue: smallResources.Queue, Before: smallResources.Table, After: smallResources.Table },
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' }],
            },
          },
        },
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'Policy',
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: read, Resource: stream },
                { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue },
              ],
            },
          },
        },
        Pipe: {
          Type: 'AWS::Pipes::Pipe',
          DependsOn: ['Policy'],
          Properties: {
            ...{ RoleArn: role, Source: stream, Target: queue },
            SourceParameters: { DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON' } },
          },
        },
      };
    };
    await start(resourcesFor('Before'));
    await stop();
    const lines: string[] = [];
    const { runtime } = await start(resourcesFor('After'), { log: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringMatching(/^Pipe \(AWS::Pipes::Pipe\) of Small was replaced, as on AWS: /)]);
    const health = await fetch(`${runtime.endpoint}/_health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ready' }]);
  });

  it('deploys what has changed in the app to what runs, and sets back what fails', async () => {
    const outputs = { QueueUrl: { Value: { Ref: 'Queue' } } };
    const { clients, runtime } = await start(smallResources, { outputs });
    const deploy = async (resources: object) => {
      await writeSmallAssembly(join(folder, 'assembly'), resources, outputs);
      return runtime.deploy();
    };
    const timeout = async () => {
      const { QueueUrl } = runtime.outputs;
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
      return (await clients.sqs.send(asked)).Attributes?.VisibilityTimeout;
    };
    expect(await deploy(smallResources)).toEqual([{ name: 'Small', changes: [], elapsedMs: {}, failures: [] }]);
    const longer = changed({ Queue: { VisibilityTimeout: 9 } });
    expect(await deploy(longer)).toMatchObject([
      {
        status: 'UPDATE_COMPLETE',
        changes: [{ action: 'Modify', logicalId: 'Queue', replacement: 'False' }],
      },
    ]);
    expect(await timeout()).toBe('9');
    const failing = changed({
      Queue: { VisibilityTimeout: 11 },
      Table: { TimeToLiveSpecification: { AttributeName: 'other', Enabled: true } },
    });
    expect(await deploy(failing)).toMatchObject([
      {
        status: 'UPDATE_ROLLBACK_COMPLETE',
        failures: [expect.stringMatching(/^Table \(AWS::DynamoDB::Table\): .*AttributeName is expiresAt/)],
      },
    ]);
    expect(await timeout()).toBe('9');
    await expect(deploy({ Cluster: { Type: 'AWS::ECS::Cluster' } })).rejects.toThrow(TemplateError);
  });

  it('refuses a data folder in use, and names the endpoint of its owner', async () => {
    const { runtime } = await start(smallResources);
    const second = startRuntime({ dataFolder: join(folder, 'data') });
    await expect(second).rejects.toThrow(DataFolderError);
    await expect(second).rejects.toThrow(`is in use by the runtime with process id ${process.pid}, started`);
    await expect(second).rejects.toThrow(runtime.endpoint);
  });

  it.each<[string, object, Partial<RuntimeOptions>, new (...parameters: never[]) => Error]>([
    ['a template it cannot run', { Cluster: { Type: 'AWS::ECS::Cluster' } }, {}, TemplateError],
    ['an assembly that is missing', {}, { assemblyFolder: '/nowhere' }, AssemblyError],
    ['a stack that is not there', {}, { stacks: ['Other'] }, AssemblyError],
    ['faults that it does not know', {}, { faults: 'kinesis.PutRecords:melt=5%' }, FaultSpecError],
    [
      'a resource that its service refuses',
      { Pipe: { Type: 'AWS::Pipes::Pipe', Properties: { RoleArn: 'r', Source: 's', Target: 't' } } },
      {},
      StackLoadError,
    ],
  ])('stops all started parts when it fails for %s', async (_, resources, options, type) => {
    const children = () => process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;
    const before = children();
    await expect(start(resources, options)).rejects.toThrow(type);
    // Node forgets a child shortly after its exit was told.
    await until(() => children() === before);
    (await takeDataFolder(join(folder, 'data'), { nowMs: 0 })).release();
  });

  it('removes expired items', async () => {
    const clock = new FastForwardClock();
    const { clients } = await start(smallResources, { clock });
    const put = (id: string, expiresAt: number) =>
      clients.dynamodb.send(
        new PutItemCommand({
          TableName: 'Small-Table',
          Item: { id: { S: id }, expiresAt: { N: String(Math.floor(expiresAt)) } },
        }),
      );
    const nowSeconds = Date.now() / 1000;
    await put('later', nowSeconds + 3600);
    await put('past', nowSeconds - 3600);
    const find = async (id: string) =>
      (await clients.dynamodb.send(new GetItemCommand({ TableName: 'Small-Table', Key: { id: { S: id } } }))).Item;
    clock.skip(10_000);
    await until(async () => (await find('past')) === undefined);
    expect(await find('later')).toBeDefined();
  });

  it('reports a port in use', async () => {
    const { runtime } = await start({ Network: { Type: 'AWS::EC2::VPC' } });
    const second = startRuntime({
      dataFolder: join(folder, 'other'),
      assemblyFolder: join(folder, 'assembly'),
      port: runtime.port,
    });
    await expect(second).rejects.toThrow(PortInUseError);
  });

  it('reports an app that fails', async () => {
    await writeFile(join(folder, 'cdk.json'), JSON.stringify({ app: 'node missing.mjs' }));
    const failing = startRuntime({ dataFolder: join(folder, 'data'), appFolder: folder });
    await expect(failing).rejects.toThrow(SynthesisError);
  });

  it('gives up a start that waits too long, and says what for', async () => {
    const clock = new FastForwardClock();
    const lines: string[] = [];
    // It ends when the test's folder is removed.
    const wait = `import { existsSync } from 'node:fs'; setInterval(() => existsSync(import.meta.filename) || process.exit(1), 20);`;
    await writeFile(join(folder, 'wait.mjs'), wait);
    await writeFile(join(folder, 'cdk.json'), JSON.stringify({ app: 'node wait.mjs' }));
    const log = (line: string) => void lines.push(line);
    let failure: unknown;
    void startRuntime({ dataFolder: join(folder, 'data'), appFolder: folder, clock, log }).catch((error: unknown) => {
      failure = error;
    });
    await until(() => {
      clock.skip(1_000);
      return failure !== undefined;
    });
    expect(failure).toBeInstanceOf(StartTimeoutError);
    expect(failure).toMatchObject({ message: expect.stringContaining('the templates of the stacks') });
    expect(lines.at(-1)).toMatch(/^Still starting: waiting for .*the templates of the stacks/);
  });

  it('reports an engine that cannot start', async () => {
    process.env.DYNAMODB_ENDPOINT = 'not a url';
    try {
      await expect(start(smallResources)).rejects.toThrow(EngineError);
    } finally {
      delete process.env.DYNAMODB_ENDPOINT;
    }
  });

  it('reports a damaged file of an engine', async () => {
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'dynamodb.sqlite'), 'damaged');
    await expect(start(smallResources)).rejects.toThrow(DamagedDataError);
  });

  it('stops once when stop is called twice, and refuses connections afterwards', async () => {
    const { runtime } = await start(smallResources);
    await Promise.all([runtime.stop(), runtime.stop()]);
    await expect(fetch(`${runtime.endpoint}/_health`)).rejects.toThrow();
  });
});
