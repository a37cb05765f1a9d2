import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { addEvent, type ResourceRecord, type StackRecord } from '../../src/cloudformation/stack-record.ts';
import { StackStore } from '../../src/cloudformation/stack-store.ts';
import { DataFolderError } from '../../src/data-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stack-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

function record(name: string, { uuid = name, createdAtMs = 0 } = {}): StackRecord {
  return {
    ...{ id: `arn:aws:cloudformation:r:1:stack/${name}/${uuid}`, name, status: 'CREATE_COMPLETE' },
    ...{ templateText: '{}', parameters: {}, tags: {}, capabilities: [], outputs: [], displaced: [], events: [] },
    ...{ disableRollback: false, terminationProtection: false, isApp: false, imports: [], assets: {}, retain: [] },
    resources: new Map(),
    createdAtMs,
  };
}

const resource: ResourceRecord = {
  ...{ logicalId: 'A', uid: 'u', type: 'T', physicalName: 'n', ref: 'r', attributes: { Arn: 'a' } },
  ...{ properties: { List: [1, { x: null }] }, deletionPolicy: 'Retain', updateReplacePolicy: 'Delete' },
  ...{ status: 'CREATE_COMPLETE', updatedAtMs: 1, dependencies: ['B'], isAdopted: false },
};

it('has what was saved, the oldest first, and finds stacks by name and id', async () => {
  const store = await StackStore.open(folder);
  const [late, early] = [record('Late', { createdAtMs: 2 }), record('Early', { createdAtMs: 1 })];
  late.resources.set('A', resource);
  for (const each of [late, early]) await store.save(each);
  // A write that did not end leaves its temporary file.
  await writeFile(join(folder, 'Late.Late.json.new'), '{');
  const again = await StackStore.open(folder);
  expect(again.all).toEqual([early, late]);
  expect([again.named('Late'), again.find(early.id), again.find('None')]).toEqual([late, early, undefined]);
});

it('has what was saved last, whatever has changed since the time before', async () => {
  const store = await StackStore.open(folder);
  const stack = record('S');
  stack.resources = new Map([
    ['A', resource],
    ['B', { ...resource, logicalId: 'B' }],
  ]);
  await store.save(stack);
  stack.resources.set('A', { ...resource, properties: { Text: 'a "quoted" line\n, 🐦' } });
  stack.resources.delete('B');
  stack.templateText = '{"Resources": {}}';
  addEvent(stack, { random: seededRandom(1), atMs: 1, resource });
  await store.save(stack);
  addEvent(stack, { random: seededRandom(2), atMs: 1 });
  await store.save(stack);
  expect((await StackStore.open(folder)).all).toEqual([stack]);
});

it('remembers a deleted stack by its id alone, beside the next of its name, and forgets the oldest', async () => {
  const store = await StackStore.open(folder);
  const all = Array.from({ length: 102 }, (_, index) => record('S', { uuid: String(index), createdAtMs: index }));
  for (const each of all) await store.save(Object.assign(each, { status: 'DELETE_COMPLETE' }));
  const present = record('S', { uuid: 'now', createdAtMs: 1_000 });
  await store.save(present);
  const [forgotten, , kept] = all;
  expect([store.find('S'), store.find(kept?.id ?? ''), store.find(forgotten?.id ?? '')]).toEqual([
    present,
    kept,
    undefined,
  ]);
  expect(await readdir(folder)).toHaveLength(101);
});

it('writes nothing once it is stopped', async () => {
  const store = await StackStore.open(folder);
  const stack = record('S');
  await store.save(stack);
  stack.status = 'UPDATE_IN_PROGRESS';
  await store.stop();
  stack.status = 'UPDATE_FAILED';
  await store.save(stack);
  expect((await StackStore.open(folder)).all).toMatchObject([{ status: 'UPDATE_IN_PROGRESS' }]);
});

it.each(['{', '{}', '[]'])('does not take the file %s for a stack', async (text) => {
  await writeFile(join(folder, 'S.1.json'), text);
  await expect(StackStore.open(folder)).rejects.toThrow(DataFolderError);
});
