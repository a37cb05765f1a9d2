import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { onStartScript } from '../../infra/constructs/notebook/on-start.ts';
import { appWith, ofType, type SynthesizedTemplate, synthesizeAll, templateSchema } from './synthesis.ts';

const notebookName = 'Notebook';

/** The stacks of the app with a notebook, by name, and the order of their deployment. */
function synthesizeNotebook(options: Record<string, unknown> = {}): {
  stacks: Record<string, SynthesizedTemplate>;
  needs: Record<string, string[]>;
} {
  const outdir = mkdtempSync(join(tmpdir(), 'notebook-synth-'));
  try {
    const app = appWith({ notebook: 'true', ...options }, { builtinCloudFormationValidation: false, outdir });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const { stacks } = app.synth();
    return {
      stacks: Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, templateSchema.parse(template)])),
      needs: Object.fromEntries(
        stacks.map(({ stackName, dependencies }) => [
          stackName,
          dependencies.filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack').map(({ id }) => id),
        ]),
      ),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Throws for a finding of the pack AWS Solutions that no construct acknowledges. */
const { stacks, needs } = synthesizeNotebook();
const template = templateSchema.parse(stacks[notebookName]);
const { Resources: resources } = template;

/** The only resource of a type: its logical id and its properties. */
function only(type: string): [id: string, properties: Record<string, unknown>] {
  const [found, ...others] = Object.entries(ofType(template, type));
  if (found === undefined || others.length > 0) throw new Error(`There is not one ${type}.`);
  return found;
}

const [roleId, role] = only('AWS::IAM::Role');
const [subnetId, subnet] = only('AWS::EC2::Subnet');
const [groupId, group] = only('AWS::EC2::SecurityGroup');
const [vpcId] = only('AWS::EC2::VPC');
const [keyId, key] = only('AWS::KMS::Key');
const [lifecycleId, lifecycle] = only('AWS::SageMaker::NotebookInstanceLifecycleConfig');
const [, instance] = only('AWS::SageMaker::NotebookInstance');

/** `arn:<service>:<resource>` for an ARN of this account and region; `bucket/…` for the lake's bucket. */
function short(arn: unknown): string {
  const text = JSON.stringify(arn)
    .replaceAll('{"Ref":"AWS::Partition"}', '"aws"')
    .replaceAll('{"Ref":"AWS::Region"}', '"region"')
    .replaceAll('{"Ref":"AWS::AccountId"}', '"account"')
    .replaceAll('{"Fn::ImportValue":"TweetLake-LakeBucketName"}', '"bucket"');
  return text
    .replaceAll(/\{"Fn::Join":\["",\[|\]\]\}|","|"/g, '')
    .replace(/arn:aws:(\w+):(region)?:(account)?:/, '$1:');
}

const statementSchema = z.object({
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});

/** Each statement as `[actions, resources]`. */
function calls(statements: readonly z.output<typeof statementSchema>[]): [string[], string[]][] {
  return statements.map(({ Action, Resource }) => [[Action].flat(), [Resource].flat().map(short)]);
}

const queries = ['GetNamedQuery', 'GetQueryExecution', 'GetQueryResults', 'ListNamedQueries', 'StartQueryExecution'];
const ask = [[...queries, 'StopQueryExecution'].map((name) => `athena:${name}`), ['athena:workgroup/TweetLake']];
const stop = [['sagemaker:StopNotebookInstance'], ['sagemaker:notebook-instance/notebook']];

describe('the stack of the notebook', () => {
  it('is in the app only if it is asked for', () => {
    const app = appWith();
    const names = app.node.children.filter(Stack.isStack).map(({ stackName }) => stackName);
    expect(names).not.toContain(notebookName);
    expect(Object.keys(stacks).sort()).toEqual([...names, notebookName].sort());
  });

  it('is deployed after the lake, and changes no other stack', () => {
    expect(needs).toMatchObject({ [notebookName]: ['TweetLake'] });
    const { TweetPipes, TweetLake } = synthesizeAll();
    expect(stacks.TweetPipes).toEqual(TweetPipes);
    expect(stacks.TweetLake).toEqual(TweetLake);
    expect(TweetLake.Outputs.LakeBucketName).toMatchObject({ Export: { Name: 'TweetLake-LakeBucketName' } });
  });

  it('has a small instance without internet access and root, on an encrypted volume', () => {
    expect(instance).toEqual({
      NotebookInstanceName: 'notebook',
      InstanceType: 'ml.t3.medium',
      PlatformIdentifier: 'notebook-al2023-v1',
      VolumeSizeInGB: 5,
      KmsKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
      RoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] },
      RootAccess: 'Disabled',
      DirectInternetAccess: 'Disabled',
      SubnetId: { Ref: subnetId },
      SecurityGroupIds: [{ 'Fn::GetAtt': [groupId, 'GroupId'] }],
      LifecycleConfigName: { 'Fn::GetAtt': [lifecycleId, 'NotebookInstanceLifecycleConfigName'] },
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: '2' },
    });
    expect(key).toMatchObject({ EnableKeyRotation: true });
    expect(resources[keyId]?.DeletionPolicy).toBe('Delete');
    expect(template.Outputs).toEqual({ NotebookInstanceName: { Value: 'notebook' } });
  });

  it('lets its role query the lake and stop the instance, no more', () => {
    const { Policies, AssumeRolePolicyDocument } = z
      .object({
        Policies: z.tuple([z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) })]),
        AssumeRolePolicyDocument: z.object({ Statement: z.array(statementSchema.omit({ Resource: true })) }),
      })
      .parse(role);
    const tables = ['forgotten', 'tweets', 'tweets_distinct', 'tweets_live'];
    const catalog = [
      'glue:catalog',
      'glue:database/tweetlake',
      ...tables.map((name) => `glue:table/tweetlake/${name}`),
    ];
    expect(calls(Policies[0].PolicyDocument.Statement)).toEqual([
      ask,
      stop,
      [
        ['glue:CreateDatabase', 'glue:GetDatabase'],
        ['glue:catalog', 'glue:database/default'],
      ],
      [['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'], catalog],
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], ['s3:bucket']],
      [['s3:GetObject'], ['s3:bucket/forgotten/*', 's3:bucket/sentiment/*', 's3:bucket/tweets/*']],
      [
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        ['s3:bucket/query-results/*'],
      ],
      [
        ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        ['logs:log-group:/aws/sagemaker/NotebookInstances:*'],
      ],
    ]);
    expect(AssumeRolePolicyDocument.Statement).toMatchObject([
      { Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } },
    ]);
  });

  it('lets it read the sentiment where there is one', () => {
    const { stacks: others } = synthesizeNotebook({ sentiment: 'comprehend' });
    const text = JSON.stringify(others[notebookName]);
    expect(
      [text, JSON.stringify(template)].map((each) => each.includes(':table/tweetlake/sentiment_distinct')),
    ).toEqual([true, false]);
  });

  it('has a network whose only ways are two endpoints, for calls of that role', () => {
    expect(
      Object.values(resources)
        .map(({ Type }) => Type)
        .filter((type) => type.startsWith('AWS::EC2::'))
        .sort(),
    ).toEqual(['SecurityGroup', 'Subnet', 'VPC', 'VPCEndpoint', 'VPCEndpoint'].map((name) => `AWS::EC2::${name}`));
    expect(subnet).toEqual({ VpcId: { Ref: vpcId }, CidrBlock: '10.0.0.0/28', MapPublicIpOnLaunch: false });
    const https = { CidrIp: '10.0.0.0/28', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    expect(group).toMatchObject({ VpcId: { Ref: vpcId }, SecurityGroupIngress: [https], SecurityGroupEgress: [https] });
    const endpoints = Object.values(ofType(template, 'AWS::EC2::VPCEndpoint')).map((properties) =>
      z
        .object({ ServiceName: z.unknown(), PolicyDocument: z.object({ Statement: z.array(statementSchema) }) })
        .loose()
        .parse(properties),
    );
    expect(endpoints.map(({ ServiceName }) => short(ServiceName))).toEqual([
      'com.amazonaws.region.athena',
      'com.amazonaws.region.sagemaker.api',
    ]);
    expect(endpoints.map(({ PolicyDocument }) => calls(PolicyDocument.Statement))).toEqual([[ask], [stop]]);
    for (const endpoint of endpoints) {
      expect(endpoint).toMatchObject({
        VpcEndpointType: 'Interface',
        PrivateDnsEnabled: true,
        SubnetIds: [{ Ref: subnetId }],
        SecurityGroupIds: [{ 'Fn::GetAtt': [groupId, 'GroupId'] }],
        PolicyDocument: {
          Statement: [{ Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [roleId, 'Arn'] } } } }],
        },
      });
    }
  });

  it('starts with the notebook of this project, for the kernel of an instance, and what stops it', () => {
    const { OnStart } = z.object({ OnStart: z.tuple([z.object({ Content: z.string() })]) }).parse(lifecycle);
    const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const [notebook = '', stopWhenIdle] = unpacked(OnStart[0].Content);
    const { metadata, ...original } = JSON.parse(file('notebooks/results.ipynb'));
    const kernelspec = { name: 'conda_python3', display_name: 'conda_python3', language: 'python' };
    expect(JSON.parse(notebook)).toEqual({ ...original, metadata: { ...metadata, kernelspec } });
    expect(stopWhenIdle).toBe(file('infra/notebook/stop_when_idle.py'));
  });

  it('asks the workgroup of its lake', () => {
    const [notebook] = unpacked(onStartScript('MyLake'));
    expect(notebook).toContain('\\"LAKE_WORKGROUP\\", \\"MyLake\\"');
  });

  it('tags its resources', () => {
    const { stacks: tagged } = synthesizeNotebook({ tags: 'team=data' });
    const untagged = Object.values(templateSchema.parse(tagged[notebookName]).Resources)
      .filter(({ Properties }) => !JSON.stringify(Properties.Tags ?? []).includes('"team"'))
      .map(({ Type }) => Type);
    expect(untagged).toEqual([]);
  });
});

/** The files in a start script. */
function unpacked(content: string): string[] {
  const script = Buffer.from(content, 'base64').toString();
  return [...script.matchAll(/<<< '([^']+)'/g)].map(([, packed = '']) =>
    gunzipSync(Buffer.from(packed, 'base64')).toString(),
  );
}
