import { afterEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeAccount, resource } from './fake-account.ts';

const accounts: FakeAccount[] = [];
afterEach(() => {
  for (const account of accounts.splice(0)) account.close();
});

const ids = ['A', 'B', 'C', 'D', 'P'];

/** A template whose resources refer to earlier ones. */
const template = fc
  .record({
    present: fc.subarray(ids, { minLength: 1 }),
    key: fc.array(fc.constantFrom('1', '2'), { minLength: 5, maxLength: 5 }),
    value: fc.array(fc.constantFrom('1', '2'), { minLength: 5, maxLength: 5 }),
  })
  .map(({ present, key, value }) => {
    const types = { A: 'Durable', B: 'Durable', C: 'Volatile', D: 'Durable', P: 'Last' };
    const rows = Object.entries(types).map(([id, type], index) => {
      const earlier = ids.slice(0, index).filter((other) => present.includes(other) && other !== 'P');
      const To = earlier.map((Ref) => ({ Ref }));
      return [id, resource(type, { Key: key[index], Value: value[index], To })] as const;
    });
    return { Resources: Object.fromEntries(rows.filter(([id]) => present.includes(id))) };
  });

/** Where the machine stops, what fails, and when a client ends the operation. Late steps are after the end. */
const step = fc.oneof(fc.constant(1_000), fc.nat(40));
const call = fc.tuple(fc.constantFrom('create', 'update'), fc.constantFrom(...ids)).map((words) => words.join(' '));
const trouble = fc.record({
  stop: step,
  stopOfRecovery: step,
  failing: fc.option(call),
  endAfterTurns: fc.option(fc.nat(20)),
});

/** Cancels an update, or deletes a stack that is being created. Both are refused where nothing runs. */
async function endOperation(account: FakeAccount, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const isCreated = account.engine.find('S')?.status === 'CREATE_IN_PROGRESS';
  await (isCreated ? account.engine.remove('S') : account.engine.cancelUpdate('S')).catch(() => undefined);
}

/** Refuses what is there and in no stack, and what a stack says is there and is not, or is otherwise. */
function expectConsistent(account: FakeAccount): void {
  const said = account.engine.stacks().flatMap(({ status, resources }) => {
    expect(status).not.toMatch(/IN_PROGRESS$|FAILED$/);
    return resources.filter((each) => !each.status.startsWith('DELETE'));
  });
  const stored = said.map((each) => [`${each.type.slice('Test::'.length)} ${each.physicalName}`, each.properties]);
  expect([...account.things].map(([name, { properties }]) => [name, properties]).sort()).toEqual(stored.sort());
}

it('leaves every stack consistent, wherever the machine stops in a creation, an update or a deletion', async () => {
  await fc.assert(
    fc.asyncProperty(template, template, fc.tuple(trouble, trouble, trouble), async (first, second, troubles) => {
      const account = new FakeAccount();
      accounts.push(account);
      const operations = [() => account.deploy(first), () => account.deploy(second), () => account.remove()];
      for (const [index, { stop, stopOfRecovery, failing, endAfterTurns }] of troubles.entries()) {
        const stopped = account.stopAt(stop + 1);
        account.failingOnce = failing ?? undefined;
        // What cannot be begun, such as an update of a stack that was rolled back, changes nothing.
        const over = operations[index]?.().catch(() => undefined);
        if (endAfterTurns !== null) await Promise.race([endOperation(account, endAfterTurns), stopped]);
        await Promise.race([over, stopped]);
        account.failingOnce = undefined;
        await account.restart([], stopOfRecovery + 1);
        await account.restart();
        expectConsistent(account);
      }
    }),
    { numRuns: 60 },
  );
});

it('goes on with the first start of an app in an empty account, wherever the machine stops in it', async () => {
  await fc.assert(
    fc.asyncProperty(template, fc.tuple(step, step), async (resources, [stop, stopOfSecond]) => {
      const account = new FakeAccount();
      accounts.push(account);
      const app = [{ name: 'S', templateText: JSON.stringify(resources) }];
      await account.restart(app, stop + 1, true);
      await account.restart(app, stopOfSecond + 1);
      await account.restart(app);
      expectConsistent(account);
      await account.remove();
      expect(account.names).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
