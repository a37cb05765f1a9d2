import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemRandom } from '@tweet-pipes/kit/random';
import { createCloudControlService } from '../../src/cloudcontrol/service.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import type { LocalService } from '../../src/gateway/local-service.ts';
import { FakeAccount, resource } from '../cloudformation/fake-account.ts';

const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'k' };
const templateOf = (Resources: object) => ({ Resources });
const TypeName = 'Test::Durable';
const replace = (path: string, value: string) => JSON.stringify([{ op: 'replace', path, value }]);

let account: FakeAccount;
let service: LocalService;
beforeEach(async () => {
  account = new FakeAccount();
  service = createCloudControlService({ clock: account.clock, random: systemRandom, engine: () => account.engine });
  await account.deploy(templateOf({ A: resource('Durable', { Value: '1' }), N: resource('Nothing') }));
  account.calls.length = 0;
});
afterEach(() => account.close());

const call = async (operation: string, input: object) => service.operations[operation]?.({ ...input }, context);
const update = (PatchDocument: string, more: object = {}) =>
  call('UpdateResource', { TypeName, Identifier: 'S-A', PatchDocument, ...more });
const properties = async () => {
  const answer = await call('GetResource', { TypeName, Identifier: 'S-A' });
  expect(answer).toMatchObject({ TypeName, ResourceDescription: { Identifier: 'S-A' } });
  return answer;
};

describe('a resource of a stack', () => {
  it('is changed by a patch, past its stack, which overwrites it at its next change', async () => {
    expect(await update(replace('/Value', '2'))).toEqual({
      ProgressEvent: {
        ...{ TypeName, Identifier: 'S-A', Operation: 'UPDATE', OperationStatus: 'SUCCESS' },
        ...{ RequestToken: expect.stringMatching(/^[-0-9a-f]{36}$/), EventTime: expect.any(Date) },
      },
    });
    expect([account.calls, account.things.get('Durable S-A')?.properties]).toEqual([['update A'], { Value: '2' }]);
    const { ResourceDescription } = JSON.parse(JSON.stringify(await properties()));
    expect(JSON.parse(ResourceDescription.Properties)).toEqual({ Value: '2', Arn: 'arn:aws:t:r:1:S-A' });
    expect(account.engine.find('S')).toMatchObject({
      status: 'CREATE_COMPLETE',
      resources: [{ logicalId: 'N' }, { logicalId: 'A', properties: { Value: '1' }, attributes: { Value: '2' } }],
    });
    await account.deploy(templateOf({ A: resource('Durable', { Value: '3' }) }));
    await update(replace('/Value', '4'));
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '4' });
  });

  it('stays as it is while its stack changes other resources, and over a restart', async () => {
    await update(replace('/Value', '2'));
    const changed = templateOf({ A: resource('Durable', { Value: '1' }), B: resource('Durable') });
    await account.deploy(changed);
    await account.restart();
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '2' });
    await account.restart([{ name: 'S', templateText: JSON.stringify(changed) }]);
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
  });

  it('is as its stack says after a deployment that reverts drift', async () => {
    const template = templateOf({ A: resource('Durable', { Value: '1' }), N: resource('Nothing') });
    await expect(account.deploy(template, { revertsDrift: true })).rejects.toThrow('No updates');
    await update(replace('/Value', '2'));
    await expect(account.deploy(template)).rejects.toThrow('No updates are to be performed.');
    const plan = await account.engine.plan({
      ...{ name: 'S', templateText: JSON.stringify(template), revertsDrift: true },
    });
    expect(plan.changes).toMatchObject([{ logicalId: 'A', action: 'Modify', properties: [{ name: 'Value' }] }]);
    await account.deploy(template, { revertsDrift: true });
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
  });

  it('is set back by the rollback of an update that changed it', async () => {
    await update(replace('/Value', '2'));
    account.failing.set('create C', new Error('full'));
    const stack = await account.deploy(
      templateOf({ A: resource('Durable', { Value: '3' }), C: resource('Durable', { To: [{ Ref: 'A' }] }) }),
    );
    expect([stack.status, account.things.get('Durable S-A')?.properties]).toEqual([
      'UPDATE_ROLLBACK_COMPLETE',
      { Value: '1' },
    ]);
  });

  it('that does nothing here is changed too', async () => {
    const input = { TypeName: 'Test::Nothing', Identifier: 'S-N' };
    await call('UpdateResource', { ...input, PatchDocument: '[{"op":"add","path":"/Any","value":1}]' });
    expect(await call('GetResource', input)).toMatchObject({
      ResourceDescription: { Properties: expect.stringContaining('"Any":1') },
    });
  });

  it.each([
    ['another key', replace('/Value', '2').replace('replace', 'spin'), 'InvalidRequestException', /Invalid patch/],
    ['a key of its own', '[{"op":"add","path":"/Key","value":"k"}]', 'NotUpdatableException', /can only be replaced/],
    ['another name', '[{"op":"add","path":"/Name","value":"n"}]', 'NotUpdatableException', /deployment of its stack/],
    ['what it has not', '[{"op":"add","path":"/Colour","value":"n"}]', 'InvalidRequestException', /A\.Colour/],
  ])('is not given %s', async (_what, patch, name, message) => {
    await expect(update(patch)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(account.calls).toEqual([]);
  });

  it('that its service refuses to change is answered with the reason, and the request has failed', async () => {
    account.failing.set('update A', Object.assign(new Error('no such state'), { name: 'InvalidDefinition' }));
    const failure = { name: 'GeneralServiceException', message: 'InvalidDefinition: no such state' };
    await expect(update(replace('/Value', '2'))).rejects.toMatchObject(failure);
    expect(await call('ListResourceRequests', {})).toMatchObject({
      ResourceRequestStatusSummaries: [
        { OperationStatus: 'FAILED', ErrorCode: 'GeneralServiceException', StatusMessage: failure.message },
      ],
    });
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
  });

  it('that is not in a stack is not found', async () => {
    for (const input of [{ Identifier: 'S-B' }, { TypeName: 'Test::Last' }]) {
      await expect(call('GetResource', { TypeName, Identifier: 'S-A', ...input })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    }
  });
});

describe('a change that takes long', () => {
  it('goes on after its answer; neither another one nor a deployment comes between', async () => {
    const gate = Promise.withResolvers<void>();
    account.gates.set('update A', gate.promise);
    const sending = update(replace('/Value', '2'), { ClientToken: 't' });
    await new Promise((resolve) => setImmediate(resolve));
    await expect(update(replace('/Value', '3'))).rejects.toMatchObject({ name: 'ConcurrentOperationException' });
    account.clock.advance(10_000);
    const answer = await sending;
    const { ProgressEvent } = JSON.parse(JSON.stringify(answer));
    expect(ProgressEvent.OperationStatus).toBe('IN_PROGRESS');
    expect(await update(replace('/Value', '2'), { ClientToken: 't' })).toEqual(answer);

    const deploying = account.deploy(templateOf({ A: resource('Durable', { Value: '4' }) }));
    gate.resolve();
    await deploying;
    expect(account.calls).toEqual(['update A', 'update A']);
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '4' });
    const { RequestToken } = ProgressEvent;
    expect(await call('GetResourceRequestStatus', { RequestToken })).toMatchObject({
      ProgressEvent: { RequestToken, OperationStatus: 'SUCCESS' },
    });
  });
});

describe('requests', () => {
  it('are listed by status, the newest first, in pages', async () => {
    await update(replace('/Value', '2'));
    await expect(update('[')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    const list = async (input: object) => {
      const answer = await call('ListResourceRequests', input);
      return JSON.parse(JSON.stringify(answer));
    };
    const first = await list({ MaxResults: 1 });
    expect(first.ResourceRequestStatusSummaries).toMatchObject([
      { OperationStatus: 'FAILED', ErrorCode: 'InvalidRequest' },
    ]);
    const second = await list({ MaxResults: 1, NextToken: first.NextToken });
    expect([second.ResourceRequestStatusSummaries, second.NextToken]).toMatchObject([
      [{ OperationStatus: 'SUCCESS' }],
      undefined,
    ]);
    const statuses = { ResourceRequestStatusFilter: { OperationStatuses: ['IN_PROGRESS'] } };
    expect((await list(statuses)).ResourceRequestStatusSummaries).toEqual([]);
    await expect(call('GetResourceRequestStatus', { RequestToken: 'x' })).rejects.toMatchObject({
      name: 'RequestTokenNotFoundException',
    });
  });

  it.each(['CreateResource', 'DeleteResource', 'ListResources', 'CancelResourceRequest'])(
    'of %s are refused by name, with what to do',
    async (operation) => {
      await expect(call(operation, {})).rejects.toMatchObject({
        ...{ name: 'UnsupportedActionException', message: expect.stringContaining(`${operation} is not supported`) },
      });
    },
  );

  it('come over the wire as the CDK sends them', async () => {
    const gateway = await startGateway({
      ...{ port: 0, region: 'us-east-1', accountId: '000000000000', random: systemRandom, engines: [] },
      services: [service],
    });
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'CloudApiService.GetResource' },
      body: JSON.stringify({ TypeName, Identifier: 'S-A' }),
    });
    expect(await response.json()).toEqual(await properties());
    await gateway.stop();
  });
});
