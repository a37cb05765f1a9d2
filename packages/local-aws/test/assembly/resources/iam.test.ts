import { afterAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { CreatedResource, ExistingResource, LoadContext } from '../../../src/assembly/resource-type.ts';
import { support } from '../../../src/assembly/support.ts';
import type { Caller } from '../../../src/iam/caller.ts';
import { emptyAccess } from '../../iam/empty-access.ts';

const environment = {
  stackName: 'Stack',
  region: 'us-east-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};
/** None of these types calls a service. */
const clients = createClients({ endpoint: 'http://127.0.0.1:1' });
afterAll(() => clients.destroy());
let context: LoadContext;
beforeEach(() => {
  context = { clients, access: emptyAccess(), clock: new ManualClock(), assets: new Map(), shardsPerOnDemandStream: 1 };
});

const get: JsonObject = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const put: JsonObject = { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' };
const AssumeRolePolicyDocument = trustOf('lambda.amazonaws.com');
const caller: Caller = { kind: 'role', roleName: 'Stack-Role', sessionName: 's', isWorker: false };
const allowed = (action: string, resource = 'arn:aws:s3:::b/k') =>
  context.access.decide(caller, { action, resource }).isAllowed;

describe('AWS::IAM::Role', () => {
  it('is a role with its policies, changed in place and deleted', async () => {
    const role = await created('AWS::IAM::Role', 'Role', {
      AssumeRolePolicyDocument,
      Path: '/team/',
      Policies: [policy('P', get)],
    });
    expect(role).toMatchObject({
      ref: 'Stack-Role',
      attributes: { Arn: 'arn:aws:iam::000000000000:role/team/Stack-Role', RoleId: expect.stringMatching(/^AROA/) },
    });
    expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([true, false]);
    const changed = await updated(role, { AssumeRolePolicyDocument, Path: '/team/', Policies: [policy('Q', put)] });
    expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([false, true]);
    await typeOf(changed).delete(changed, context);
    expect(context.access.roles()).toEqual([]);
  });

  it('keeps the policies that other resources have given it', async () => {
    const role = await created('AWS::IAM::Role', 'Role', { AssumeRolePolicyDocument, Policies: [policy('P', get)] });
    await created('AWS::IAM::Policy', 'Default', { ...policy('Default', put), Roles: ['Stack-Role'] });
    await updated(role, { AssumeRolePolicyDocument });
    expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([false, true]);
  });

  it('has a permissions boundary and managed policies of AWS', async () => {
    const boundary = await created('AWS::IAM::ManagedPolicy', 'Boundary', { PolicyDocument: { Statement: [get] } });
    await created('AWS::IAM::Role', 'Role', {
      AssumeRolePolicyDocument,
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      PermissionsBoundary: boundary.ref,
    });
    expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([true, false]);
  });

  it('is replaced when its path changes, and not when its description does', () => {
    const type = support.get('AWS::IAM::Role');
    const replaces = (after: JsonObject) =>
      type?.handling === 'supported' && type.replaces({ AssumeRolePolicyDocument }, after);
    expect(replaces({ AssumeRolePolicyDocument, Path: '/team/' })).toBe(true);
    expect(replaces({ AssumeRolePolicyDocument, Description: 'x' })).toBe(false);
  });
});

test('AWS::IAM::Policy goes with its roles', async () => {
  const properties = { ...policy('Default', get), Roles: ['Stack-Role'] };
  await expect(created('AWS::IAM::Policy', 'Default', properties)).rejects.toThrow(
    'The role with name Stack-Role cannot be found.',
  );
  await created('AWS::IAM::Role', 'Role', { AssumeRolePolicyDocument });
  const made = await created('AWS::IAM::Policy', 'Default', properties);
  expect(allowed('s3:GetObject')).toBe(true);
  const changed = await updated(made, { ...policy('Default', put), Roles: ['Stack-Role'] });
  expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([false, true]);
  const moved = await updated(changed, { ...policy('Default', put), Roles: [] });
  expect(allowed('s3:PutObject')).toBe(false);
  await typeOf(moved).delete(moved, context);
});

test('AWS::IAM::RolePolicy is a policy of one role', async () => {
  await created('AWS::IAM::Role', 'Role', { AssumeRolePolicyDocument });
  const made = await created('AWS::IAM::RolePolicy', 'P', { ...policy('P', get), RoleName: 'Stack-Role' });
  expect(allowed('s3:GetObject')).toBe(true);
  await typeOf(made).delete(made, context);
  expect(allowed('s3:GetObject')).toBe(false);
});

test('AWS::IAM::ManagedPolicy is attached, changed and deleted', async () => {
  await created('AWS::IAM::Role', 'Role', { AssumeRolePolicyDocument });
  const Roles = ['Stack-Role'];
  const made = await created('AWS::IAM::ManagedPolicy', 'M', { PolicyDocument: { Statement: [get] }, Roles });
  expect(made).toMatchObject({
    ref: 'arn:aws:iam::000000000000:policy/Stack-M',
    attributes: { PolicyArn: 'arn:aws:iam::000000000000:policy/Stack-M' },
  });
  expect(allowed('s3:GetObject')).toBe(true);
  const changed = await updated(made, { PolicyDocument: { Statement: [put] }, Roles });
  expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([false, true]);
  await typeOf(changed).delete(changed, context);
  expect(allowed('s3:PutObject')).toBe(false);
  expect(context.access.role('Stack-Role')?.managed).toEqual([]);
});

test('AWS::S3::BucketPolicy decides on the objects of the bucket', async () => {
  const Statement = [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:*', Resource: 'arn:aws:s3:::b/*' }];
  const made = await created('AWS::S3::BucketPolicy', 'P', { Bucket: 'b', PolicyDocument: { Statement } });
  expect(allowed('s3:GetObject')).toBe(true);
  const PolicyDocument = { Statement: [{ ...Statement[0], Action: 's3:Put*' }] };
  const changed = await updated(made, { Bucket: 'b', PolicyDocument });
  expect([allowed('s3:GetObject'), allowed('s3:PutObject')]).toEqual([false, true]);
  await typeOf(changed).delete(changed, context);
  expect(allowed('s3:PutObject')).toBe(false);
});

test.each([
  [
    'AWS::SQS::QueuePolicy',
    'Queues',
    'sqs:SendMessage',
    ['http://127.0.0.1:4566/000000000000/a', 'http://127.0.0.1:4566/000000000000/b'],
    ['arn:aws:sqs:us-east-1:000000000000:a', 'arn:aws:sqs:us-east-1:000000000000:b'],
  ],
  [
    'AWS::SNS::TopicPolicy',
    'Topics',
    'sns:Publish',
    ['arn:aws:sns:us-east-1:000000000000:a', 'arn:aws:sns:us-east-1:000000000000:b'],
    ['arn:aws:sns:us-east-1:000000000000:a', 'arn:aws:sns:us-east-1:000000000000:b'],
  ],
])('%s is the policy of each of its resources', async (type, member, action, references, arns) => {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }] };
  const made = await created(type, 'P', { [member]: references, PolicyDocument });
  const allowedOn = () => arns.map((arn) => allowed(action, arn));
  expect(allowedOn()).toEqual([true, true]);
  const changed = await updated(made, { [member]: references.slice(1), PolicyDocument });
  expect(allowedOn()).toEqual([false, true]);
  await typeOf(changed).delete(changed, context);
  expect(allowedOn()).toEqual([false, false]);
});

test('AWS::Lambda::Permission lets a service call a function for its source', async () => {
  const FunctionName = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const made = await created('AWS::Lambda::Permission', 'Permission', {
    FunctionName: 'f',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
    SourceArn: 'arn:aws:sns:us-east-1:000000000000:t',
  });
  const allowedFor = (sourceArn: string) =>
    context.access.decide(
      { kind: 'service', principal: 'sns.amazonaws.com', sourceArn },
      { action: 'lambda:InvokeFunction', resource: FunctionName },
    ).isAllowed;
  const topic = 'arn:aws:sns:us-east-1:000000000000:t';
  expect([allowedFor(topic), allowedFor(`${topic}2`)]).toEqual([true, false]);
  await typeOf(made).delete(made, context);
  expect(allowedFor(topic)).toBe(false);
});

test('AWS::KMS::Key has its policy', async () => {
  const Principal = { Service: 'cloudwatch.amazonaws.com' };
  const KeyPolicy = { Statement: [{ Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*' }] };
  const key = await created('AWS::KMS::Key', 'Key', { KeyPolicy });
  expect(key).toMatchObject({
    ref: 'Stack-Key',
    attributes: { Arn: 'arn:aws:kms:us-east-1:000000000000:key/Stack-Key', KeyId: 'Stack-Key' },
  });
  const decrypts = () =>
    context.access.decide(
      { kind: 'service', principal: 'cloudwatch.amazonaws.com', sourceArn: 'arn:aws:cloudwatch:::alarm:a' },
      { action: 'kms:Decrypt', resource: key.attributes.Arn ?? '' },
    ).isAllowed;
  expect(decrypts()).toBe(true);
  const changed = await updated(key, {});
  expect(decrypts()).toBe(false);
  await typeOf(changed).delete(changed, context);
});

test.each<[type: string, properties: JsonObject, problem: string]>([
  [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument, Policies: [policy('P', { ...get, Condition: { StringEqual: { 'aws:x': 'a' } } })] },
    'Syntax error in the policy at Statement[0].Condition.StringEqual.aws:x: "StringEqual" is not a condition operator.',
  ],
  [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument, ManagedPolicyArns: ['arn:aws:iam::aws:policy/SecurityAudit'] },
    'the local runtime does not have the document of arn:aws:iam::aws:policy/SecurityAudit.',
  ],
  [
    'AWS::S3::BucketPolicy',
    { Bucket: 'b', PolicyDocument: { Statement: [get] } },
    'Syntax error in the policy at Statement[0]: the statement has neither Principal nor NotPrincipal.',
  ],
])('%s with a mistake is a problem of the template', (type, properties, problem) => {
  const found = support.get(type);
  const problems = found?.handling === 'supported' ? found.check('Id', properties) : [];
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(problem)]);
});

/** A resource that exists, with its type. */
type Made = ExistingResource & { type: string };

async function created(type: string, logicalId: string, properties: JsonObject): Promise<Made> {
  const named = ['RoleName', 'PolicyName', 'ManagedPolicyName', 'Bucket'].map((name) => properties[name]);
  const given =
    type === 'AWS::IAM::RolePolicy' ? properties.PolicyName : named.find((name) => typeof name === 'string');
  const physicalName = typeof given === 'string' ? given : `Stack-${logicalId}`;
  const identity = { logicalId, physicalName, environment };
  const resource = await typeOf({ type }).create(identity, properties, context);
  return { type, ...identity, ...resource, properties };
}

async function updated(made: Made, properties: JsonObject): Promise<Made> {
  const changed: CreatedResource = await typeOf(made).update(made, properties, context);
  return { ...made, ...changed, properties };
}

function typeOf({ type }: { type: string }) {
  const found = support.get(type);
  if (found?.handling !== 'supported') throw new Error(`${type} is not supported.`);
  return found;
}

function policy(PolicyName: string, statement: JsonObject) {
  return { PolicyName, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
}

function trustOf(service: string) {
  return { Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] };
}
