import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  GetPolicyCommand as GetFunctionPolicy,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { AwsError } from '../../src/gateway/aws-error.ts';
import { nestedIntercepts } from '../../src/gateway/nested-intercepts.ts';
import type { AccessControl } from '../../src/iam/access-control.ts';
import { bucketPolicies } from '../../src/iam/api/bucket-policies.ts';
import { withPermissions } from '../../src/iam/api/function-permissions.ts';
import { messagePolicies } from '../../src/iam/api/message-policies.ts';
import { createIamService } from '../../src/iam/api/service.ts';
import { UserMade } from '../../src/iam/user-made.ts';
import { startTestEndpoint, type TestEndpoint } from '../gateway/test-endpoint.ts';
import { emptyAccess } from './empty-access.ts';

const accountId = '000000000000';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const reads = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:Get*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:GetBucketAcl', Resource: '*' },
  ],
});
const logs: string[] = [];
const log = (line: string) => void logs.push(line);
let folder: string;
let access: AccessControl;
let aws: TestEndpoint;
let iam: IAMClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iam-'));
  access = emptyAccess();
  const userMade = await UserMade.open(folder, access, log);
  const functions = {
    signingName: 'lambda',
    operations: {
      async GetFunctionConfiguration({ FunctionName }: Record<string, unknown>) {
        if (String(FunctionName).includes('missing')) {
          throw new AwsError('ResourceNotFoundException', 'Function not found', { statusCode: 404 });
        }
        return {};
      },
    },
  };
  aws = await startTestEndpoint({
    services: [
      createIamService({ access, clock: new ManualClock(), userMade }),
      withPermissions(functions, { access, userMade }),
    ],
    intercept: nestedIntercepts([bucketPolicies({ access, userMade }), messagePolicies({ access, userMade })]),
  });
  iam = new IAMClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'me', secretAccessKey: 's' },
    maxAttempts: 1,
  });
});
beforeEach(() => {
  for (const { name } of access.roles()) access.deleteRole(name);
});
afterAll(async () => {
  iam.destroy();
  await aws.stop();
  await rm(folder, { recursive: true });
});

const createRole = (RoleName: string, more: { Path?: string; Description?: string } = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...more }));
/** Access as it is after a restart. */
async function restarted(): Promise<AccessControl> {
  const again = emptyAccess();
  await UserMade.open(folder, again, log);
  return again;
}

it('makes roles, which are there after a restart', async () => {
  const { Role } = await createRole('R', { Path: '/team/', Description: 'reads' });
  expect(Role).toMatchObject({
    Arn: `arn:aws:iam::${accountId}:role/team/R`,
    Path: '/team/',
    RoleName: 'R',
    MaxSessionDuration: 3600,
    CreateDate: new Date(new ManualClock().now()),
    Description: 'reads',
  });
  expect(Role?.RoleId).toMatch(/^AROA/);
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(JSON.parse(trust));
  await expect(createRole('R')).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'Role with name R already exists.',
  });
  const { Role: found } = await iam.send(new GetRoleCommand({ RoleName: 'R' }));
  expect(found).toEqual(Role);
  await createRole('S');
  const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/team/' }));
  expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['R']);
  const first = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
  expect(first).toMatchObject({ IsTruncated: true, Marker: 'R' });
  const second = await iam.send(new ListRolesCommand({ MaxItems: 1, Marker: first.Marker }));
  expect(second).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'S' }] });
  const after = await restarted();
  expect(after.roles()).toEqual(access.roles());
  await iam.send(new DeleteRoleCommand({ RoleName: 'R' }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'S' }));
  expect((await restarted()).roles()).toEqual([]);
  await expect(iam.send(new GetRoleCommand({ RoleName: 'R' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name R cannot be found.',
  });
});

it('gives roles policies of their own', async () => {
  await createRole('R');
  await iam.send(new PutRolePolicyCommand({ RoleName: 'R', PolicyName: 'P', PolicyDocument: reads }));
  const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: 'R' }));
  expect(PolicyNames).toEqual(['P']);
  const policy = await iam.send(new GetRolePolicyCommand({ RoleName: 'R', PolicyName: 'P' }));
  expect(JSON.parse(decodeURIComponent(policy.PolicyDocument ?? ''))).toEqual(JSON.parse(reads));
  await expect(iam.send(new DeleteRoleCommand({ RoleName: 'R' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must delete policies first.',
  });
  await expect(
    iam.send(new PutRolePolicyCommand({ RoleName: 'R', PolicyName: 'P', PolicyDocument: '{"Statement":[{}]}' })),
  ).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
    message: expect.stringContaining('Statement[0].Effect: the effect is Allow or Deny.'),
  });
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'R', PolicyName: 'P' }));
  await expect(iam.send(new GetRolePolicyCommand({ RoleName: 'R', PolicyName: 'P' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  const assumedBy = trust.replace('lambda', 'pipes');
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'R', PolicyDocument: assumedBy }));
  expect(access.role('R')?.trust).toEqual(JSON.parse(assumedBy));
});

it('makes managed policies and attaches them', async () => {
  await createRole('R');
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'M', PolicyDocument: reads }));
  const PolicyArn = `arn:aws:iam::${accountId}:policy/M`;
  expect(Policy).toMatchObject({ Arn: PolicyArn, DefaultVersionId: 'v1', AttachmentCount: 0 });
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'R', PolicyArn }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'R' }));
  expect(AttachedPolicies).toEqual([{ PolicyName: 'M', PolicyArn }]);
  const { Policy: attached } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  expect(attached?.AttachmentCount).toBe(1);
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual(JSON.parse(reads));
  expect((await restarted()).role('R')?.managed).toEqual([PolicyArn]);
  for (const command of [new DeletePolicyCommand({ PolicyArn }), new DeleteRoleCommand({ RoleName: 'R' })]) {
    await expect(iam.send(command as DeletePolicyCommand)).rejects.toMatchObject({ name: 'DeleteConflictException' });
  }
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'R', PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await expect(iam.send(new AttachRolePolicyCommand({ RoleName: 'R', PolicyArn }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
});

it('takes a policy that is not there any more from the roles of its file', async () => {
  await createRole('R');
  const PolicyArn = `arn:aws:iam::${accountId}:policy/OfAStack`;
  access.putManagedPolicy({ arn: PolicyArn, document: JSON.parse(reads) });
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'R', PolicyArn }));
  expect((await restarted()).role('R')?.managed).toEqual([]);
  expect(logs).toContainEqual(expect.stringContaining(`The role R of iam.json loses the policy ${PolicyArn}`));
});

it('simulates what a role may do', async () => {
  await createRole('R');
  await iam.send(new PutRolePolicyCommand({ RoleName: 'R', PolicyName: 'P', PolicyDocument: reads }));
  const { EvaluationResults } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `arn:aws:iam::${accountId}:role/R`,
      ActionNames: ['s3:GetObject', 's3:PutObject', 's3:GetBucketAcl'],
      ResourceArns: ['arn:aws:s3:::b/k'],
    }),
  );
  expect(EvaluationResults?.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision])).toEqual([
    ['s3:GetObject', 'allowed'],
    ['s3:PutObject', 'implicitDeny'],
    ['s3:GetBucketAcl', 'explicitDeny'],
  ]);
});

it('refuses other operations by name', async () => {
  await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('ListUsers'),
  });
});

it('gives buckets policies, which go with them', async () => {
  const { s3 } = aws.clients;
  const Bucket = 'with-policy';
  const Policy = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }],
  });
  await expect(s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  await expect(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '[]' }))).rejects.toMatchObject({
    name: 'MalformedPolicy',
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  const { Policy: answered = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  expect(JSON.parse(answered)).toEqual(JSON.parse(Policy));
  const read = { action: 's3:GetObject', resource: `arn:aws:s3:::${Bucket}/k` };
  const caller = { kind: 'role', roleName: 'R', sessionName: 's', isWorker: false } as const;
  expect(access.decide(caller, read).isAllowed).toBe(true);
  expect((await restarted()).decide(caller, read).isAllowed).toBe(true);
  await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  expect(access.decide(caller, read).isAllowed).toBe(false);
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
  expect(access.resourcePolicies(`arn:aws:s3:::${Bucket}`)).toEqual([]);
});

it('gives queues and topics the policies of their attributes', async () => {
  const { sqs } = aws.clients;
  const { sns } = await aws.clients.observation();
  const Policy = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: '*', Resource: '*' }],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes: { Policy } }));
  const queue = `arn:aws:sqs:us-east-1:${accountId}:q`;
  const names = (arn: string) => access.resourcePolicies(arn).map(({ document }) => document);
  expect(names(queue)).toEqual([JSON.parse(Policy)]);
  const setPolicy = (text: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: text } }));
  await expect(setPolicy('{"Statement":[{}]}')).rejects.toMatchObject({ message: expect.stringContaining('Effect') });
  await setPolicy('');
  expect(names(queue)).toEqual([]);
  await setPolicy(Policy);
  expect((await restarted()).resourcePolicies(queue)).toHaveLength(1);
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  expect(names(queue)).toEqual([]);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: Policy }));
  expect(names(TopicArn)).toEqual([JSON.parse(Policy)]);
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  expect(names(TopicArn)).toEqual([]);
});

it('gives functions permissions', async () => {
  const { lambda } = aws.clients;
  const add = {
    FunctionName: 'f',
    StatementId: 'topic',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
    SourceArn: `arn:aws:sns:us-east-1:${accountId}:t`,
  };
  const functionArn = `arn:aws:lambda:us-east-1:${accountId}:function:f`;
  const statement = {
    Sid: 'topic',
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: { ArnLike: { 'AWS:SourceArn': add.SourceArn } },
  };
  const { Statement = '' } = await lambda.send(new AddPermissionCommand(add));
  expect(JSON.parse(Statement)).toEqual(statement);
  await expect(lambda.send(new AddPermissionCommand(add))).rejects.toMatchObject({ name: 'ResourceConflictException' });
  const { Policy = '' } = await lambda.send(new GetFunctionPolicy({ FunctionName: functionArn }));
  expect(JSON.parse(Policy)).toMatchObject({ Statement: [statement] });
  await lambda.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId: 'topic' }));
  await expect(lambda.send(new GetFunctionPolicy({ FunctionName: 'f' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(lambda.send(new AddPermissionCommand({ ...add, FunctionName: 'missing' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

it('names a file that does not fit', async () => {
  const file = join(folder, 'iam.json');
  const before = await readFile(file, 'utf8');
  await writeFile(file, '{"roles": 1}');
  await expect(restarted()).rejects.toMatchObject({ name: 'DataFolderError' });
  await writeFile(file, before);
});
