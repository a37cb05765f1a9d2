import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StackLoadError, TemplateError } from '../../src/assembly/errors.ts';
import { FakeAccount, resource } from './fake-account.ts';

let account: FakeAccount;
beforeEach(() => {
  account = new FakeAccount();
});
afterEach(() => account.close());

const ref = (Ref: string) => ({ Ref });
const limit = Object.assign(new Error('too many'), { name: 'LimitExceededException' });
const templateOf = (Resources: object, Outputs: object = {}) => ({ Resources, Outputs });
const two = templateOf(
  { A: resource('Durable', { Value: '1' }), B: resource('Durable', { To: [ref('A')] }) },
  { Name: { Value: ref('A') } },
);

describe('creation', () => {
  it('makes independent resources at the same time, and others after what they depend on', async () => {
    const gate = Promise.withResolvers<void>();
    account.gates.set('create Slow', gate.promise);
    const creating = account.deploy(
      templateOf({
        Late: resource('Durable', { To: [ref('Slow'), ref('Quick')] }),
        Slow: resource('Durable'),
        Quick: resource('Durable'),
        Pipe: resource('Last'),
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(account.calls).toEqual(['create Slow', 'create Quick']);
    gate.resolve();
    expect((await creating).status).toBe('CREATE_COMPLETE');
    expect(account.calls).toEqual(['create Slow', 'create Quick', 'create Late', 'create Pipe']);
  });

  it('has its events, outputs and resources, those without effect too', async () => {
    const template = templateOf({ A: resource('Durable', { Name: 'mine' }), N: resource('Nothing') });
    const stack = await account.deploy(template);
    const events = account.events();
    expect([events.at(0), events.at(-1)]).toEqual(['S CREATE_IN_PROGRESS User Initiated', 'S CREATE_COMPLETE']);
    const of = (id: string) => events.filter((each) => each.startsWith(`${id} `));
    for (const id of ['A', 'N']) {
      const initiated = `${id} CREATE_IN_PROGRESS Resource creation Initiated`;
      expect(of(id)).toEqual([`${id} CREATE_IN_PROGRESS`, initiated, `${id} CREATE_COMPLETE`]);
    }
    // Clients sort by time.
    const times = account.engine.events(stack.id).map(({ atMs }) => atMs);
    expect([...new Set(times)].sort((a, b) => b - a)).toEqual(times);
    expect(stack).toMatchObject({
      id: expect.stringMatching(/^arn:aws:cloudformation:r:1:stack\/S\/[-0-9a-f]{36}$/),
      resources: [
        { logicalId: 'N', type: 'Test::Nothing', ref: 'S-N', status: 'CREATE_COMPLETE' },
        { logicalId: 'A', physicalName: 'mine', ref: 'mine', attributes: { Arn: 'arn:aws:t:r:1:mine' } },
      ],
    });
  });

  it('deletes all that it made after a failure', async () => {
    account.failing.set('create C', limit);
    const gate = Promise.withResolvers<void>();
    account.gates.set('create Slow', gate.promise);
    const creating = account.deploy(
      templateOf({
        A: resource('Durable'),
        Slow: resource('Durable'),
        C: resource('Durable', { To: [ref('A')] }),
        D: resource('Durable', { To: [ref('C')] }),
        Kept: resource('Durable', {}, { DeletionPolicy: 'Retain' }),
        Dropped: resource('Durable', {}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    gate.resolve();
    const { status, statusReason, resources, outputs } = await creating;
    expect({ status, outputs }).toEqual({ status: 'ROLLBACK_COMPLETE', outputs: [] });
    expect(statusReason).toBeUndefined();
    expect(account.events()).toEqual(
      expect.arrayContaining([
        'C CREATE_FAILED LimitExceededException: too many',
        'Slow CREATE_FAILED Resource creation cancelled',
        'S ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [C]. Rollback requested by user.',
        'Kept DELETE_SKIPPED',
        'Slow DELETE_COMPLETE',
      ]),
    );
    expect(resources.map(({ status: each }) => each)).not.toContain('CREATE_COMPLETE');
    expect(account.names).toEqual(['Durable S-Kept']);
    await expect(account.deploy(two)).rejects.toThrow(/is in ROLLBACK_COMPLETE state and can not be updated\.$/);
  });

  it('ends at its deletion: what is being made is finished, then all is deleted', async () => {
    const gate = Promise.withResolvers<void>();
    account.gates.set('create Slow', gate.promise);
    const creating = account.deploy(
      templateOf({ Slow: resource('Durable'), Late: resource('Durable', { To: [ref('Slow')] }) }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    const removing = account.remove();
    await new Promise((resolve) => setImmediate(resolve));
    expect(account.engine.find('S')?.status).toBe('DELETE_IN_PROGRESS');
    gate.resolve();
    expect([(await creating).status, (await removing).status]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
    expect([account.calls, account.names]).toEqual([['create Slow', 'delete Slow'], []]);
    const [stack] = account.engine.stacks();
    const events = account.engine.events(stack?.id ?? '').map(({ logicalId, status }) => `${logicalId} ${status}`);
    expect(events.reverse()).toEqual([
      ...['S CREATE_IN_PROGRESS', 'Slow CREATE_IN_PROGRESS', 'S DELETE_IN_PROGRESS', 'Slow CREATE_IN_PROGRESS'],
      ...['Slow CREATE_FAILED', 'Slow DELETE_IN_PROGRESS', 'Slow DELETE_COMPLETE', 'S DELETE_COMPLETE'],
    ]);
  });

  it('ends at its deletion already while its first status is written', async () => {
    const creating = account.deploy(two);
    while (account.engine.find('S') === undefined) await null;
    const removing = account.remove();
    expect([(await creating).status, (await removing).status]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
    expect(account.names).toEqual([]);
  });

  it('that failed without a rollback is rolled back when a client asks for it', async () => {
    const kept = resource('Durable', {}, { DeletionPolicy: 'Retain' });
    const template = templateOf({ A: resource('Durable'), B: resource('Durable', { To: [ref('A')] }), Kept: kept });
    for (const [retainExceptOnCreate, names] of [
      [false, ['Durable S-Kept']],
      [true, []],
    ] as const) {
      const account = new FakeAccount();
      account.failing.set('create B', limit);
      expect((await account.deploy(template, { disableRollback: true })).status).toBe('CREATE_FAILED');
      const { done } = await account.engine.rollBack('S', { retainExceptOnCreate });
      expect([(await done).status, account.names]).toEqual(['ROLLBACK_COMPLETE', names]);
      await expect(account.engine.rollBack('S')).rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be rolled');
      account.close();
    }
  });

  it('deletes what shall be retained too, if its rollback shall', async () => {
    account.failing.set('create B', limit);
    const A = resource('Durable', {}, { DeletionPolicy: 'Retain' });
    const template = templateOf({ A, B: resource('Durable', { To: [ref('A')] }) });
    await account.deploy(template, { retainExceptOnCreate: true });
    expect(account.names).toEqual([]);
  });

  it('leaves what it made where no rollback is asked for, and goes on from it', async () => {
    account.failing.set('create A', limit);
    const template = templateOf({
      A: resource('Durable'),
      B: resource('Durable'),
      C: resource('Durable', { To: [ref('A')] }),
    });
    expect((await account.deploy(template, { disableRollback: true })).status).toBe('CREATE_FAILED');
    expect(account.names).toEqual(['Durable S-B']);
    account.failing.clear();
    expect((await account.deploy(template)).status).toBe('CREATE_COMPLETE');
    expect(account.names).toEqual(['Durable S-A', 'Durable S-B', 'Durable S-C']);
  });

  it('refuses a name that is in use, and finds another for a name that it makes', async () => {
    await account.deploy(templateOf({ A: resource('Durable', {}, { DeletionPolicy: 'Retain' }) }));
    await account.remove();
    const named = await account.deploy(templateOf({ B: resource('Durable', { Name: 'S-A' }) }), { name: 'T' });
    expect([named.status, account.events('T').join()]).toEqual([
      'ROLLBACK_COMPLETE',
      expect.stringContaining('B CREATE_FAILED AlreadyExistsException: S-A already exists'),
    ]);
    const { resources } = await account.deploy(templateOf({ A: resource('Durable') }));
    expect(resources[0]?.ref).toMatch(/^S-A-[A-Z0-9]{12}$/);
    expect(account.names).toHaveLength(2);
  });

  it('takes over what no stack owns where it may, and never deletes it in a rollback', async () => {
    await account.deploy(templateOf({ A: resource('Durable', {}, { DeletionPolicy: 'Retain' }) }));
    await account.remove();
    account.failing.set('create B', limit);
    const failed = await account.deploy(two, { adopt: true });
    expect([failed.status, account.names]).toEqual(['ROLLBACK_COMPLETE', ['Durable S-A']]);
    account.failing.clear();
    await account.remove();
    expect((await account.deploy(two, { adopt: true })).resources.map((each) => each.ref)).toEqual(['S-A', 'S-B']);
  });

  it.each([
    ['-S', 'failed to satisfy constraint'],
    ['9', 'failed to satisfy constraint'],
  ])('refuses the name %s', async (name, message) => {
    await expect(account.deploy(two, { name })).rejects.toThrow(message);
  });

  it('names what the runtime does not support before anything is made', async () => {
    const template = templateOf({ A: resource('Durable'), X: { Type: 'AWS::EC2::Instance' } });
    await expect(account.deploy(template)).rejects.toThrow(TemplateError);
    expect([account.calls, account.engine.stacks()]).toEqual([[], []]);
  });

  it.each([
    [{}, 'Parameters: [P] must have values'],
    [{ P: 'a', Q: 'b' }, 'Parameters: [Q] do not exist in the template'],
  ])('refuses the parameters %j', async (parameters, message) => {
    const template = {
      Parameters: { P: { Type: 'String' } },
      Resources: { A: resource('Durable', { Value: ref('P') }) },
    };
    await expect(account.deploy(template, { parameters })).rejects.toThrow(message);
    expect((await account.deploy(template, { parameters: { P: 'v' } })).parameters).toEqual({ P: 'v' });
  });
});

it('gives each stack pseudo parameters of its own', async () => {
  const exported = { Value: { Ref: 'AWS::StackId' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-id' } } };
  const { id } = await account.deploy(templateOf({ A: resource('Durable') }, { Id: exported }));
  const read = { 'Fn::Sub': ['${Theirs} read by ${AWS::StackId}', { Theirs: { 'Fn::ImportValue': 'S-id' } }] };
  const reader = await account.deploy(templateOf({ B: resource('Durable') }, { Read: { Value: read } }), { name: 'T' });
  expect(reader.outputs).toEqual([{ key: 'Read', value: `${id} read by ${reader.id}` }]);
});

describe('update', () => {
  beforeEach(async () => {
    await account.deploy(two);
    account.calls.length = 0;
  });

  it('of the same template is refused', async () => {
    await expect(account.deploy(two)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    });
    const { Resources } = two;
    expect((await account.deploy(templateOf(Resources, { Other: { Value: 'x' } }))).outputs).toEqual([
      { key: 'Other', value: 'x' },
    ]);
    expect(account.calls).toEqual([]);
  });

  it('changes in place what can be, and what depends on its values after it', async () => {
    const template = templateOf({
      A: resource('Durable', { Value: '2' }),
      B: resource('Durable', { To: [ref('A'), { 'Fn::GetAtt': ['A', 'Value'] }] }),
    });
    const { status, resources } = await account.deploy(template);
    expect([status, account.calls]).toEqual(['UPDATE_COMPLETE', ['update A', 'update B']]);
    expect(resources.map(({ properties }) => properties)).toEqual([{ Value: '2' }, { To: ['S-A', '2'] }]);
    expect(account.events().slice(-7)).toEqual([
      'S UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_COMPLETE',
      'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'S UPDATE_COMPLETE',
    ]);
  });

  it('replaces what cannot be changed: the new one first, then what depends on it, then the old one goes', async () => {
    const { resources } = await account.deploy(
      templateOf({ A: resource('Durable', { Key: 'k' }), B: resource('Durable', { To: [ref('A')] }) }),
    );
    const [a] = resources;
    expect(a?.ref).toMatch(/^S-A-[A-Z0-9]{12}$/);
    expect(account.calls).toEqual(['create A', 'update B', 'delete A']);
    expect(account.names).toEqual([`Durable ${a?.ref}`, 'Durable S-B']);
    expect(resources[1]?.properties).toEqual({ To: [a?.ref] });
    expect(account.events()).toContain(
      'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
    );
  });

  it('keeps what is replaced or removed where its policy says so', async () => {
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    await account.deploy(templateOf({ A: resource('Durable', {}, kept), B: resource('Durable', {}, kept) }));
    await account.deploy(templateOf({ A: resource('Durable', { Key: 'k' }, kept) }));
    expect(account.names).toHaveLength(3);
    expect(account.names).toEqual(expect.arrayContaining(['Durable S-A', 'Durable S-B']));
    expect(account.events().filter((each) => each.endsWith('DELETE_SKIPPED'))).toHaveLength(2);
  });

  it('fails where a resource with a name of its own would have to be replaced', async () => {
    await account.deploy(templateOf({ A: resource('Durable', { Name: 'mine' }) }));
    const { status } = await account.deploy(templateOf({ A: resource('Durable', { Name: 'mine', Key: 'k' }) }));
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(account.events().join('\n')).toContain(
      'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and',
    );
    expect(account.names).toEqual(['Durable mine']);
  });

  it('that fails sets back what it changed, and deletes what it made', async () => {
    account.failing.set('create C', limit);
    const stack = await account.deploy(
      templateOf(
        {
          A: resource('Durable', { Value: '2' }),
          B: resource('Durable', { Key: 'k' }),
          N: resource('Durable', { To: [ref('B')] }),
          C: resource('Durable', { To: [ref('A'), ref('N')] }),
        },
        { New: { Value: 'x' } },
      ),
    );
    expect(stack).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      templateText: JSON.stringify(two),
      outputs: [{ key: 'Name', value: 'S-A' }],
      resources: [
        { logicalId: 'A', ref: 'S-A', properties: { Value: '1' }, status: 'UPDATE_COMPLETE' },
        { logicalId: 'B', ref: 'S-B', properties: { To: ['S-A'] } },
      ],
    });
    expect(account.names).toEqual(['Durable S-A', 'Durable S-B']);
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
    expect(account.calls.slice(-3)).toEqual(['update A', 'delete N', 'delete B']);
  });

  describe('that cannot be set back', () => {
    beforeEach(async () => {
      account.failing.set('create C', limit);
      const template = templateOf({
        A: resource('Durable', { Value: '2' }),
        C: resource('Durable', { To: [ref('A')] }),
      });
      const gate = Promise.withResolvers<void>();
      account.gates.set('create C', gate.promise);
      const updating = account.deploy(template);
      await new Promise((resolve) => setImmediate(resolve));
      account.failing.set('update A', limit);
      gate.resolve();
      expect(await updating).toMatchObject({
        status: 'UPDATE_ROLLBACK_FAILED',
        statusReason: 'The following resource(s) failed to update: [A].',
      });
    });
    const goOn = async (options: Parameters<FakeAccount['engine']['continueRollback']>[1] = {}) =>
      (await account.engine.continueRollback('S', options)).done;

    it('says so, and can be deleted', async () => {
      expect(account.events()).toContain('A UPDATE_FAILED LimitExceededException: too many');
      await expect(account.deploy(two)).rejects.toThrow('is in UPDATE_ROLLBACK_FAILED state');
      await account.remove();
      expect(account.names).toEqual([]);
    });

    it('goes on once the cause is gone', async () => {
      expect((await goOn()).status).toBe('UPDATE_ROLLBACK_FAILED');
      account.failing.delete('update A');
      expect((await goOn()).status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
      await expect(goOn()).rejects.toThrow('is in UPDATE_ROLLBACK_COMPLETE state and can not be rolled back.');
    });

    it.each([{ skip: ['A'] }, { isForced: true }])(
      'goes on with %j: what is skipped stays as it is',
      async (options) => {
        await expect(goOn({ skip: ['B'] })).rejects.toThrow('[B] are none');
        const { status, resources } = await goOn(options);
        expect([status, resources[0]]).toMatchObject([
          'UPDATE_ROLLBACK_COMPLETE',
          { properties: { Value: '1' }, status: 'UPDATE_COMPLETE' },
        ]);
        expect(account.events()).toContain('A UPDATE_COMPLETE Resource skipped during UpdateRollback');
        expect(account.engine.findResource('Test::Durable', 'S-A')?.properties).toEqual({ Value: '2' });
        account.failing.clear();
        await account.restart();
        expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '2' });
      },
    );
  });

  it('that failed without a rollback is rolled back when a client asks for it', async () => {
    account.failing.set('create C', limit);
    const template = templateOf({ A: resource('Durable', { Value: '2' }), C: resource('Durable', { To: [ref('A')] }) });
    expect((await account.deploy(template, { disableRollback: true })).status).toBe('UPDATE_FAILED');
    expect((await (await account.engine.rollBack('S')).done).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(account.names).toEqual(['Durable S-A', 'Durable S-B']);
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
  });

  it.each([true, false])('is cancelled and rolled back, with rollback disabled too: %s', async (disableRollback) => {
    const gate = Promise.withResolvers<void>();
    account.gates.set('update A', gate.promise);
    const template = templateOf({ A: resource('Durable', { Value: '2' }), C: resource('Durable', { To: [ref('A')] }) });
    const updating = account.deploy(template, { disableRollback });
    await new Promise((resolve) => setImmediate(resolve));
    const { done } = await account.engine.cancelUpdate('S');
    gate.resolve();
    expect([(await updating).status, (await done).status]).toEqual([
      'UPDATE_ROLLBACK_COMPLETE',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(account.events()).toEqual(
      expect.arrayContaining([
        'A UPDATE_FAILED Resource update cancelled',
        'S UPDATE_ROLLBACK_IN_PROGRESS User Initiated',
      ]),
    );
    expect(account.calls).toEqual(['update A', 'update A']);
    expect(account.things.get('Durable S-A')?.properties).toEqual({ Value: '1' });
    await expect(account.engine.cancelUpdate('S')).rejects.toThrow(
      'CancelUpdateStack cannot be called from current stack status',
    );
  });

  it('is refused while another runs', async () => {
    const gate = Promise.withResolvers<void>();
    account.gates.set('update A', gate.promise);
    const template = templateOf({ A: resource('Durable', { Value: '2' }) });
    const updating = account.deploy(template);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(account.deploy(two)).rejects.toThrow(/^Stack:arn:.* is in UPDATE_IN_PROGRESS state and can not be/);
    await expect(account.remove()).rejects.toThrow('cannot be deleted while in status UPDATE_IN_PROGRESS');
    gate.resolve();
    expect((await updating).status).toBe('UPDATE_COMPLETE');
  });

  it('does not change the type of a resource', async () => {
    await expect(account.deploy(templateOf({ A: resource('Volatile') }))).rejects.toThrow(
      'The new template modifies resource type of the following resources: [A]',
    );
  });
});

describe('a plan', () => {
  it('tells what would be added, changed, replaced and removed, and changes nothing', async () => {
    await account.deploy(
      templateOf({
        A: resource('Durable', { Value: '1' }),
        B: resource('Durable', { To: [ref('A')] }),
        R: resource('Durable'),
        K: resource('Durable', { Key: ref('B') }),
        Same: resource('Durable', { To: [ref('R')] }),
      }),
    );
    account.calls.length = 0;
    const template = templateOf({
      A: resource('Durable', { Value: '2' }),
      B: resource('Durable', { Key: 'k', To: [ref('A')] }, { UpdateReplacePolicy: 'Retain' }),
      K: resource('Durable', { Key: ref('B') }),
      New: resource('Volatile'),
    });
    const { isCreation, changes } = await account.engine.plan({ name: 'S', templateText: JSON.stringify(template) });
    expect(isCreation).toBe(false);
    expect(
      changes.map(({ action, logicalId, replacement, policyAction }) => [action, logicalId, replacement, policyAction]),
    ).toEqual([
      ['Modify', 'A', 'False', undefined],
      ['Modify', 'B', 'True', 'ReplaceAndRetain'],
      ['Modify', 'K', 'Conditional', 'ReplaceAndDelete'],
      ['Add', 'New', undefined, undefined],
      ['Remove', 'R', undefined, 'Delete'],
      ['Remove', 'Same', undefined, 'Delete'],
    ]);
    expect(changes[1]).toMatchObject({ physicalId: 'S-B', properties: [{ name: 'Key', recreates: 'Always' }] });
    expect(account.calls).toEqual([]);
  });
});

describe('deletion', () => {
  it('goes in the reverse order, keeps what its policy says, and is remembered', async () => {
    const { id } = await account.deploy(
      templateOf({
        A: resource('Durable'),
        B: resource('Durable', { To: [ref('A')] }),
        K: resource('Durable', {}, { DeletionPolicy: 'RetainExceptOnCreate' }),
        P: resource('Last'),
      }),
    );
    account.calls.length = 0;
    expect((await account.remove()).status).toBe('DELETE_COMPLETE');
    expect(account.calls).toEqual(['delete P', 'delete B', 'delete A']);
    expect(account.names).toEqual(['Durable S-K']);
    expect(account.engine.find('S')).toBeUndefined();
    expect(account.engine.find(id)?.resources.map(({ status }) => status)).toContain('DELETE_SKIPPED');
    await expect(account.remove()).rejects.toThrow('Stack with id S does not exist');
  });

  it('that fails says why, and may leave resources out then', async () => {
    await account.deploy(two);
    account.failing.set('delete B', Object.assign(new Error('full'), { name: 'BucketNotEmpty' }));
    expect(await account.remove()).toMatchObject({
      status: 'DELETE_FAILED',
      statusReason: 'The following resource(s) failed to delete: [B].',
      resources: [{ status: 'CREATE_COMPLETE' }, { status: 'DELETE_FAILED', statusReason: 'BucketNotEmpty: full' }],
    });
    expect((await account.remove('S', { retain: ['B'] })).status).toBe('DELETE_COMPLETE');
    expect(account.names).toEqual(['Durable S-B']);
  });

  it('is refused with termination protection, and with resources to keep before it has failed', async () => {
    await account.deploy(two);
    await expect(account.remove('S', { retain: ['A'] })).rejects.toThrow('only when the stack is in the DELETE_FAILED');
    await account.engine.protect('S', true);
    await expect(account.remove()).rejects.toThrow(
      'Stack [S] cannot be deleted while TerminationProtection is enabled',
    );
    await account.engine.protect('S', false);
    expect((await account.remove()).status).toBe('DELETE_COMPLETE');
  });
});

describe('exports', () => {
  const exporting = (Value: object | string, name = 'N') =>
    templateOf({ A: resource('Durable') }, { Out: { Value, Export: { Name: name } } });
  const importing = templateOf({ I: resource('Durable', { Value: { 'Fn::ImportValue': 'N' } }) });

  it('are what other stacks import, and stay while they do', async () => {
    await expect(account.deploy(importing, { name: 'Importer' })).rejects.toThrow('No export named N found.');
    await account.deploy(exporting(ref('A')));
    expect((await account.deploy(importing, { name: 'Importer' })).resources[0]?.properties).toEqual({ Value: 'S-A' });
    await expect(account.remove()).rejects.toThrow('Export N cannot be deleted as it is in use by Importer');
    expect((await account.deploy(exporting('other'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(account.events().join()).toContain('Export N cannot be updated as it is in use by Importer');
    expect((await account.deploy(exporting('other', 'M'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(account.engine.find('S')?.outputs).toEqual([{ key: 'Out', value: 'S-A', exportName: 'N' }]);
    await account.remove('Importer');
    expect((await account.deploy(exporting('other'))).status).toBe('UPDATE_COMPLETE');
  });

  it('have one stack each', async () => {
    await account.deploy(exporting('x'));
    await expect(account.deploy(exporting('y'), { name: 'T' })).rejects.toThrow(
      'Export with name N is already exported by stack S.',
    );
  });
});

describe('a start', () => {
  const app = (Resources: object, name = 'App') => ({ name, templateText: JSON.stringify({ Resources }) });

  it('makes what others deployed stand again, and writes nothing', async () => {
    await account.deploy(
      templateOf({ P: resource('Last'), V: resource('Volatile', { Value: 'v' }), D: resource('Durable') }),
    );
    const before = account.names;
    account.calls.length = 0;
    const files = new Map(account.files);
    await account.restart();
    expect(account.names).toEqual(before);
    expect(account.calls).toEqual(['create V', 'create D', 'create P']);
    expect(account.files).toEqual(files);
  });

  it('looks for no name in an empty account, those apart that a stack has', async () => {
    const named = (Name: string) => ({ A: resource('Durable', { Name }), B: resource('Last') });
    const apps = [app(named('mine')), { ...app(named('App-B')), name: 'Other' }];
    await account.restart(apps, undefined, true);
    expect(account.looks).toEqual(['App-B']);
    expect(account.names).toEqual(['Durable App-B', 'Durable mine', 'Last App-B', 'Last Other-B']);
    await account.restart([...apps, { ...app({ C: resource('Durable') }), name: 'Third' }]);
    expect(account.looks).toEqual(['App-B', 'Third-C']);
  });

  it('restores, changes, makes and deletes for the stacks of the app in one pass', async () => {
    const gone = resource('Durable');
    await account.restart([app({ V: resource('Volatile'), D: resource('Durable'), Gone: gone })]);
    expect(account.engine.find('App')).toMatchObject({ status: 'CREATE_COMPLETE' });
    const files = new Map(account.files);
    account.calls.length = 0;
    await account.restart([app({ V: resource('Volatile'), D: resource('Durable'), Gone: gone })]);
    expect([account.calls, account.files]).toEqual([['create V', 'create D', 'create Gone'], files]);
    account.calls.length = 0;
    await account.restart([
      app({ V: resource('Volatile', { Value: '2' }), D: resource('Durable', { Value: '2' }), N: resource('Durable') }),
    ]);
    expect(account.calls).toEqual(['create V', 'update D', 'create N', 'create Gone', 'delete Gone']);
    expect(account.names).toEqual(['Durable App-D', 'Durable App-N', 'Volatile App-V']);
  });

  it('replaces what cannot be changed, and says where the data is', async () => {
    const kept = { UpdateReplacePolicy: 'Retain' };
    await account.restart([app({ A: resource('Durable', {}, kept) })]);
    await account.restart([app({ A: resource('Durable', { Key: 'k' }, kept) })]);
    expect(account.log).toEqual([
      expect.stringMatching(
        /^A \(Test::Durable\) of App was replaced, as on AWS: App-A-\w{12} is new\. App-A stays with its data/,
      ),
    ]);
    expect(account.names).toHaveLength(2);
  });

  it('reports every failure in the order of the template, makes the rest, and goes on the next time', async () => {
    const Resources = {
      A: resource('Durable'),
      B: resource('Durable', { To: [ref('A')] }),
      C: resource('Durable', { To: [ref('B')] }),
      D: resource('Durable'),
      E: resource('Durable', { To: [ref('D')] }),
    };
    account.failing.set('create A', limit);
    account.failing.set('create E', new Error('no room'));
    const error = await account.restart([app(Resources)]).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StackLoadError);
    expect(error).toMatchObject({
      message:
        'Stack App could not be created:\n' +
        '  A (Test::Durable): LimitExceededException: too many\n' +
        '  E (Test::Durable): no room',
    });
    expect(account.names).toEqual(['Durable App-D']);
    account.failing.clear();
    await account.restart([app(Resources)]);
    expect(account.names).toHaveLength(5);
  });

  it('takes over what an earlier version of the runtime made', async () => {
    await account.restart([app({ A: resource('Durable') })]);
    const made = account.things.get('Durable App-A')?.id;
    account.files.clear();
    await account.restart([app({ A: resource('Durable', { Value: '2' }) })]);
    expect(account.things.get('Durable App-A')).toMatchObject({ id: made, properties: { Value: '2' } });
  });

  it('does not run a stack of the app that is left out, and has it again when it is chosen', async () => {
    await account.restart([app({ V: resource('Volatile'), D: resource('Durable') })]);
    await account.restart();
    expect([account.engine.stacks(), account.engine.find('App'), account.names]).toEqual([
      [],
      undefined,
      ['Durable App-D'],
    ]);
    await account.restart([app({ V: resource('Volatile'), D: resource('Durable') })]);
    expect([account.engine.find('App')?.status, account.names]).toEqual([
      'CREATE_COMPLETE',
      ['Durable App-D', 'Volatile App-V'],
    ]);
  });

  it('knows the parameters of a stack of the app with their defaults, for the clients that deploy it later', async () => {
    const Parameters = { Version: { Type: 'String', Default: '1' }, Size: { Type: 'Number', Default: 2 } };
    const templateText = JSON.stringify({ Resources: { A: resource('Durable') }, Parameters });
    await account.restart([{ name: 'App', templateText, parameters: { Size: '3' } }]);
    expect(account.engine.find('App')?.parameters).toEqual({ Version: '1', Size: '3' });
  });

  it('says which operation was interrupted, and how it ended', async () => {
    const stopped = account.stopAt(6);
    void account.deploy(templateOf({ A: resource('Durable') }));
    await stopped;
    account.failing.set('delete A', new Error('It is protected.'));
    await account.restart();
    expect(account.log).toEqual([
      'The creation of stack S was interrupted, and has been rolled back: ROLLBACK_FAILED. ' +
        'A could not be deleted: It is protected. Correct that, then delete the stack.',
    ]);
    account.log.length = 0;
    account.failing.clear();
    const second = account.stopAt(4);
    void account.remove();
    await second;
    await account.restart();
    expect(account.log).toEqual(['The deletion of stack S was interrupted, and went on: DELETE_COMPLETE.']);
    account.log.length = 0;
    const third = account.stopAt(4);
    void account.engine.start([app({ A: resource('Durable') })]);
    await third;
    await account.restart([app({ A: resource('Durable') })]);
    expect(account.log).toEqual(['The creation of stack App was interrupted, and goes on from what there is.']);
  });

  it('tells what a rollback left behind by its name, and nothing of what was never made', async () => {
    const kept = resource('Durable', {}, { DeletionPolicy: 'Retain' });
    for (const [step, told] of [
      [5, 'A DELETE_COMPLETE '],
      [6, 'A DELETE_SKIPPED S-A'],
    ] as const) {
      const account = new FakeAccount();
      const stopped = account.stopAt(step);
      void account.deploy(templateOf({ A: kept }));
      await stopped;
      account.calls.length = 0;
      await account.restart();
      expect(account.calls).toEqual([]);
      const [stack] = account.engine.stacks();
      const events = account.engine.events(stack?.id ?? '');
      expect(events.map(({ logicalId, status, physicalId }) => `${logicalId} ${status} ${physicalId}`)).toContain(told);
      expect(stack?.status).toBe('ROLLBACK_COMPLETE');
      account.close();
    }
  });

  it('goes on without a resource of another that cannot be restored, and says so', async () => {
    await account.deploy(templateOf({ V: resource('Volatile'), W: resource('Volatile') }));
    account.failing.set('create V', limit);
    await account.restart();
    expect(account.log).toEqual([
      'stack S runs in part: V (Test::Volatile): LimitExceededException: too many. Deploy it again, or delete it.',
    ]);
    expect(account.names).toEqual(['Volatile S-W']);
  });
});
