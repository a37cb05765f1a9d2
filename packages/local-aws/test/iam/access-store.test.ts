import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import type { Role } from '../../src/iam/access-control.ts';
import { createAccessControl } from '../../src/iam/access-store.ts';
import type { Caller } from '../../src/iam/caller.ts';
import { policyOwner } from '../../src/iam/resource-owners.ts';
import { emptyAccess } from './empty-access.ts';

const accountId = '000000000000';
const caller: Caller = { kind: 'role', roleName: 'R', sessionName: 's', isWorker: true };
const user = `User: arn:aws:sts::${accountId}:assumed-role/R/s`;
const trust = trustOf({ Service: 'pipes.amazonaws.com' });

interface DecisionCase {
  name: string;
  source: string;
  action: string;
  resource: string;
  identity: JsonObject[];
  boundary?: JsonObject[];
  resourcePolicy?: JsonObject[];
  version?: string;
  context?: Record<string, string | string[]>;
  /** `allowed`, or the end of the sentence. */
  expect: string;
}

const decisions: DecisionCase[] = readCases('decisions.json');
const malformed: { name: string; document: JsonObject; says: string }[] = readCases('malformed.json');

test.each(decisions)('$name', (row) => {
  const access = emptyAccess();
  const { action, resource, version = '2012-10-17' } = row;
  const documentOf = (statements: JsonObject[]) => ({ Version: version, Statement: statements });
  const boundaryArn = `arn:aws:iam::${accountId}:policy/Boundary`;
  if (row.boundary !== undefined) access.putManagedPolicy({ arn: boundaryArn, document: documentOf(row.boundary) });
  access.putRole(
    role({
      inline: [{ name: 'P', document: documentOf(row.identity) }],
      ...(row.boundary && { permissionsBoundary: boundaryArn }),
    }),
  );
  if (row.resourcePolicy !== undefined) {
    access.putResourcePolicy(policyOwner(resource), { name: 'P', document: documentOf(row.resourcePolicy) });
  }
  const ask = () => access.decide(caller, { action, resource, ...(row.context && { context: row.context }) });
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const expected =
    row.expect === 'allowed'
      ? { isAllowed: true }
      : { isAllowed: false, sentence: `${user} is not authorized to perform: ${action}${on} ${row.expect}` };
  expect(ask()).toMatchObject(expected);
  // From what is kept of the first.
  expect(ask()).toMatchObject(expected);
});

test.each(malformed)('refuses $name', ({ document, says }) => {
  const put = () => emptyAccess().putRole(role({ inline: [{ name: 'P', document }] }));
  expect(put).toThrow(expect.objectContaining({ name: 'MalformedPolicyDocument' }));
  expect(put).toThrow(says);
});

test('refuses a trust policy with a resource and a resource policy without a principal', () => {
  const access = emptyAccess();
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  expect(() => access.putRole(role({ trust: { Statement: { ...statement, Principal: '*' } } }))).toThrow(
    'Statement.Resource: a trust policy has no resource',
  );
  expect(() => access.putResourcePolicy('arn:aws:s3:::b', { name: 'P', document: { Statement: [statement] } })).toThrow(
    'Statement[0]: the statement has neither Principal nor NotPrincipal.',
  );
  expect(() =>
    access.putResourcePolicy('arn:aws:s3:::b', {
      name: 'P',
      document: { Statement: [{ ...statement, Principal: { Aws: '*' } }] },
    }),
  ).toThrow('Statement[0].Principal.Aws: a principal is one of AWS, Service, Federated, CanonicalUser.');
  expect(() =>
    access.putResourcePolicy('arn:aws:s3:::b', {
      name: 'P',
      document: { Statement: [{ ...statement, Principal: { AWS: 'arn:aws:iam::000000000000:role/*' } }] },
    }),
  ).toThrow('is a pattern');
});

test('a decision follows each change of the policies', () => {
  const access = emptyAccess();
  const allowed = () => access.decide(caller, { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }).isAllowed;
  const get: JsonObject = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  const managed = `arn:aws:iam::${accountId}:policy/M`;
  expect(allowed()).toBe(false);
  access.putRole(role({ inline: [{ name: 'P', document: { Statement: [get] } }] }));
  expect(allowed()).toBe(true);
  access.putRole(role());
  expect(allowed()).toBe(false);
  access.putManagedPolicy({ arn: managed, document: { Statement: [get] } });
  access.putRole(role({ managed: [managed] }));
  expect(allowed()).toBe(true);
  access.putResourcePolicy('arn:aws:s3:::b', {
    name: 'P',
    document: { Statement: [{ ...get, Effect: 'Deny', Principal: '*' }] },
  });
  expect(allowed()).toBe(false);
  access.deleteResourcePolicy('arn:aws:s3:::b', 'P');
  expect(allowed()).toBe(true);
  access.deleteManagedPolicy(managed);
  expect(allowed()).toBe(false);
  access.putRole(role({ managed: ['arn:aws:iam::aws:policy/AdministratorAccess'] }));
  expect(allowed()).toBe(true);
  access.deleteRole('R');
  expect(allowed()).toBe(false);
});

test('a condition of the request is asked each time', () => {
  const access = emptyAccess();
  const statement = {
    Effect: 'Allow',
    Action: 'sqs:*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:t' } },
  };
  access.putRole(role({ inline: [{ name: 'P', document: { Statement: statement } }] }));
  const from = (arn: string) =>
    access.decide(caller, { action: 'sqs:SendMessage', resource: '*', context: { 'AWS:SourceArn': arn } }).isAllowed;
  expect([from('arn:aws:sns:us-east-1:000000000000:t'), from('arn:aws:sns:us-east-1:000000000000:u')]).toEqual([
    true,
    false,
  ]);
});

test('the time of a condition is that of the call', () => {
  let now = Date.parse('2026-11-29T12:00:00Z');
  const access = createAccessControl({ accountId, region: 'us-east-1', clock: { now: () => now } });
  const Condition = { DateLessThan: { 'aws:CurrentTime': '2026-11-29T13:00:00Z' } };
  const document = { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } };
  access.putRole(role({ inline: [{ name: 'P', document }] }));
  const allowed = () => access.decide(caller, { action: 's3:GetObject', resource: '*' }).isAllowed;
  expect(allowed()).toBe(true);
  now += 2 * 60 * 60 * 1000;
  expect(allowed()).toBe(false);
});

test('the administrator and the runtime itself may do everything', () => {
  const access = emptyAccess();
  access.putResourcePolicy('arn:aws:s3:::b', {
    name: 'P',
    document: { Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } },
  });
  const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' };
  expect(access.decide({ kind: 'administrator' }, request)).toEqual({ isAllowed: true });
  expect(access.decide({ kind: 'runtime' }, request)).toEqual({ isAllowed: true });
});

test('a managed policy that does not exist is not attached', () => {
  const access = emptyAccess();
  const missing = `arn:aws:iam::${accountId}:policy/Missing`;
  expect(() => access.putRole(role({ managed: [missing] }))).toThrow(
    expect.objectContaining({
      name: 'NoSuchEntity',
      message: `Policy ${missing} does not exist or is not attachable.`,
    }),
  );
  expect(access.role('R')).toBeUndefined();
});

const alarm = `arn:aws:cloudwatch:us-east-1:${accountId}:alarm:a`;
const cloudwatch: Caller = { kind: 'service', principal: 'cloudwatch.amazonaws.com', sourceArn: alarm };
const topic = `arn:aws:sns:us-east-1:${accountId}:t`;

test('a service may do what the resource policy allows it for its source', () => {
  const access = emptyAccess();
  const allowPublish = (source: string) =>
    access.putResourcePolicy(topic, {
      name: 'P',
      document: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic,
          Condition: { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: { 'aws:SourceArn': source } },
        },
      },
    });
  allowPublish(`arn:aws:cloudwatch:us-east-1:${accountId}:alarm:*`);
  expect(access.decide(cloudwatch, { action: 'sns:Publish', resource: topic })).toEqual({ isAllowed: true });
  allowPublish(`arn:aws:cloudwatch:us-east-1:${accountId}:alarm:b`);
  expect(access.decide(cloudwatch, { action: 'sns:Publish', resource: topic })).toMatchObject({
    isAllowed: false,
    sentence: `Resource: ${alarm} is not authorized to perform: sns:Publish on resource: ${topic} because no resource-based policy allows the sns:Publish action`,
  });
});

test('what one service may do for a source, another one may not', () => {
  const access = emptyAccess();
  const Principal = { Service: 'cloudwatch.amazonaws.com' };
  const document = { Statement: { Effect: 'Allow', Principal, Action: 'sns:Publish', Resource: topic } };
  access.putResourcePolicy(topic, { name: 'P', document });
  const request = { action: 'sns:Publish', resource: topic };
  expect(access.decide(cloudwatch, request).isAllowed).toBe(true);
  expect(access.decide({ ...cloudwatch, principal: 'sns.amazonaws.com' }, request).isAllowed).toBe(false);
});

test('a topic without a policy lets services of its account publish, and no role by itself', () => {
  const access = emptyAccess();
  access.putRole(role());
  const request = { action: 'sns:Publish', resource: topic };
  expect(access.decide(cloudwatch, request).isAllowed).toBe(true);
  expect(access.decide(caller, request).isAllowed).toBe(false);
});

test('a queue without a policy takes nothing from services', () => {
  const request = { action: 'sqs:SendMessage', resource: `arn:aws:sqs:us-east-1:${accountId}:q` };
  expect(emptyAccess().decide(cloudwatch, request).isAllowed).toBe(false);
});

test('the policy of a function decides on its versions and aliases', () => {
  const access = emptyAccess();
  const arn = `arn:aws:lambda:us-east-1:${accountId}:function:f`;
  const Principal = { Service: 'cloudwatch.amazonaws.com' };
  access.putResourcePolicy(arn, {
    name: 'P',
    document: { Statement: { Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction', Resource: `${arn}*` } },
  });
  const request = { action: 'lambda:InvokeFunction', resource: `${arn}:live` };
  expect(access.decide(cloudwatch, request).isAllowed).toBe(true);
});

test('a service assumes a role that trusts it for that source', () => {
  const access = emptyAccess();
  const arn = role().arn;
  const source = `arn:aws:pipes:us-east-1:${accountId}:pipe/p`;
  access.putRole(
    role({
      trust: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'pipes.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceArn': source, 'aws:SourceAccount': accountId } },
        },
      },
    }),
  );
  const context = { 'aws:SourceArn': source, 'aws:SourceAccount': accountId };
  expect(access.mayAssume(arn, 'pipes.amazonaws.com', context)).toEqual({ isAllowed: true });
  expect(access.mayAssume(arn, 'states.amazonaws.com', context)).toMatchObject({
    isAllowed: false,
    sentence: `Resource: ${source} is not authorized to perform: sts:AssumeRole on resource: ${arn} because no role trust policy allows the sts:AssumeRole action`,
  });
  expect(access.mayAssume(arn, 'pipes.amazonaws.com').isAllowed).toBe(false);
  expect(access.mayAssume(`${arn}-other`, 'pipes.amazonaws.com', context).isAllowed).toBe(false);
});

test('an explicit deny in a trust policy is named as such', () => {
  const access = emptyAccess();
  const Statement = { Effect: 'Deny', Principal: '*', Action: 'sts:*' };
  access.putRole(role({ trust: { Statement } }));
  expect(access.mayAssume(role().arn, 'pipes.amazonaws.com')).toMatchObject({
    isAllowed: false,
    sentence: `User: pipes.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${role().arn} with an explicit deny in the role trust policy`,
  });
});

test('a trust in the account lets the administrator in, and roles that their own policies allow', () => {
  const access = emptyAccess();
  const target = `arn:aws:iam::${accountId}:role/deploy/Target`;
  access.putRole(role({ name: 'Target', arn: target, trust: trustOf({ AWS: `arn:aws:iam::${accountId}:root` }) }));
  access.putRole(role());
  expect(access.mayCallAssumeRole({ kind: 'administrator' }, target).isAllowed).toBe(true);
  expect(access.mayCallAssumeRole(caller, target)).toMatchObject({
    isAllowed: false,
    sentence: `${user} is not authorized to perform: sts:AssumeRole on resource: ${target} because no identity-based policy allows the sts:AssumeRole action`,
  });
  const document = { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: target } };
  access.putRole(role({ inline: [{ name: 'P', document }] }));
  expect(access.mayCallAssumeRole(caller, target).isAllowed).toBe(true);
});

test('a role that trusts no account is closed to the administrator too', () => {
  const access = emptyAccess();
  access.putRole(role());
  expect(access.mayCallAssumeRole({ kind: 'administrator' }, role().arn)).toMatchObject({
    isAllowed: false,
    sentence: `User: arn:aws:iam::${accountId}:root is not authorized to perform: sts:AssumeRole on resource: ${role().arn} because no role trust policy allows the sts:AssumeRole action`,
  });
});

function role(of: Partial<Role> = {}): Role {
  return { name: 'R', arn: `arn:aws:iam::${accountId}:role/R`, trust, inline: [], managed: [], ...of };
}

function trustOf(principal: JsonObject): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  };
}

function readCases<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8'));
}
