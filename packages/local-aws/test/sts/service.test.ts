import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { callerOf } from '../../src/iam/caller.ts';
import { createStsService } from '../../src/sts/service.ts';
import { emptyAccess } from '../iam/empty-access.ts';

const accountId = '000000000000';
const root = { AWS: `arn:aws:iam::${accountId}:root` };

function fixture() {
  const access = emptyAccess();
  const { operations } = createStsService({ clock: new ManualClock(), access });
  const call = (operation: 'AssumeRole' | 'GetCallerIdentity', input: Record<string, unknown>, accessKeyId = 'mine') =>
    operations[operation]?.(input, { region: 'us-east-1', accountId, requestId: 'r', accessKeyId });
  const putRole = (name: string, principal: JsonObject, condition?: JsonObject) =>
    access.putRole({
      name,
      arn: arnOf(name),
      trust: {
        Statement: {
          Effect: 'Allow',
          Principal: principal,
          Action: 'sts:AssumeRole',
          ...(condition && { Condition: condition }),
        },
      },
      inline: [],
      managed: [],
    });
  const assume = (name: string, more: Record<string, unknown> = {}, accessKeyId?: string) =>
    call('AssumeRole', { RoleArn: arnOf(name), RoleSessionName: 'a,b=c', ...more }, accessKeyId);
  return { access, call, putRole, assume };
}

function arnOf(name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

it('gives a key whose calls are those of the session', async () => {
  const { call, putRole, assume } = fixture();
  putRole('R', root);
  const answer = await assume('R');
  expect(answer).toMatchObject({
    Credentials: { AccessKeyId: expect.any(String), Expiration: new Date(new ManualClock().now() + 3_600_000) },
    AssumedRoleUser: { Arn: `arn:aws:sts::${accountId}:assumed-role/R/a,b=c` },
  });
  const { Credentials } = answer as { Credentials: { AccessKeyId: string } };
  expect(Credentials.AccessKeyId).not.toMatch(/[,\s]/);
  expect(callerOf(Credentials.AccessKeyId)).toEqual({
    kind: 'role',
    roleName: 'R',
    sessionName: 'a,b=c',
    isWorker: false,
  });
  expect(await call('GetCallerIdentity', {}, Credentials.AccessKeyId)).toMatchObject({
    Account: accountId,
    Arn: `arn:aws:sts::${accountId}:assumed-role/R/a,b=c`,
    UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:a,b=c$/),
  });
});

it('answers the root of the account to any other key', async () => {
  expect(await fixture().call('GetCallerIdentity', {})).toEqual({
    UserId: accountId,
    Account: accountId,
    Arn: `arn:aws:iam::${accountId}:root`,
  });
});

it('asks the trust policy, with the external id', async () => {
  const { putRole, assume } = fixture();
  putRole('R', root, { StringEquals: { 'sts:ExternalId': 'x' } });
  await expect(assume('R')).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:iam::${accountId}:root is not authorized to perform: sts:AssumeRole on resource: ${arnOf('R')} because no role trust policy allows the sts:AssumeRole action`,
  });
  await expect(assume('R', { ExternalId: 'x' })).resolves.toMatchObject({ Credentials: {} });
});

it('asks the policies of a role that assumes another', async () => {
  const { access, putRole, assume } = fixture();
  putRole('R', root);
  putRole('First', root);
  await expect(assume('R', {}, 'session/role/First/s')).rejects.toMatchObject({ name: 'AccessDenied' });
  const first = access.role('First');
  if (first === undefined) throw new Error('There is no role First.');
  const document = { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arnOf('R') } };
  access.putRole({ ...first, inline: [{ name: 'P', document }] });
  await expect(assume('R', {}, 'session/role/First/s')).resolves.toMatchObject({ AssumedRoleUser: {} });
});

it('refuses a role that does not exist, and not the roles of an account without a bootstrap stack', async () => {
  const { call, putRole, assume } = fixture();
  await expect(assume('Missing')).rejects.toMatchObject({ name: 'AccessDenied' });
  const bootstrapRole = `cdk-hnb659fds-deploy-role-${accountId}-us-east-1`;
  const answer = await assume(bootstrapRole);
  const { Credentials } = answer as { Credentials: { AccessKeyId: string } };
  expect(callerOf(Credentials.AccessKeyId)).toEqual({ kind: 'administrator' });
  expect(await call('GetCallerIdentity', {}, Credentials.AccessKeyId)).toMatchObject({
    Arn: `arn:aws:iam::${accountId}:root`,
  });
  putRole(bootstrapRole, { Service: 'cloudformation.amazonaws.com' });
  await expect(assume(bootstrapRole)).rejects.toMatchObject({ name: 'AccessDenied' });
});

it.each([
  [{ RoleArn: `arn:aws:iam::${accountId}:user/u` }, 'is invalid'],
  [{ RoleSessionName: 'a b' }, 'must have 2 to 64 characters'],
  [{ DurationSeconds: '43200' }, 'exceeds the MaxSessionDuration'],
  [{ Policy: '{}' }, 'Policy is not supported by the local endpoint. Leave it out.'],
])('refuses %j', async (input, message) => {
  const { putRole, assume } = fixture();
  putRole('R', root);
  const refused = expect.objectContaining({ name: 'ValidationError', message: expect.stringContaining(message) });
  await expect(assume('R', input)).rejects.toEqual(refused);
});
