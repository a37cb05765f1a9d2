import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseStacks, readAssembly, readStacks } from '../../src/assembly/read-assembly.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assembly-'));
});
afterEach(() => rm(folder, { recursive: true }));

const stack = (templateFile: string) => ({
  type: 'aws:cloudformation:stack',
  properties: { templateFile },
  dependencies: ['A.assets'],
});
const assets = { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } };

async function write(files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

it('finds the template and its assets by object key', async () => {
  await mkdir(join(folder, 'asset.abc'));
  await write({
    'manifest.json': { version: '55.0.0', artifacts: { A: stack('A.template.json'), 'A.assets': assets } },
    'A.template.json': { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } },
    'A.assets.json': {
      files: {
        abc: {
          source: { path: 'asset.abc', packaging: 'zip' },
          destinations: { here: { objectKey: 'abc.zip', bucketName: 'b' } },
        },
      },
    },
  });
  const { stackName, template, assets: found } = await readAssembly(folder);
  expect(stackName).toBe('A');
  expect(Object.keys(template.Resources)).toEqual(['Queue']);
  expect([...found]).toEqual([['abc.zip', { path: join(folder, 'asset.abc'), packaging: 'zip' }]]);
});

it('takes the named stack of several, and asks for a name when none is given', async () => {
  await write({
    'manifest.json': {
      version: '55.0.0',
      artifacts: { A: { ...stack('A.json'), dependencies: [] }, B: { ...stack('B.json'), dependencies: [] } },
    },
    'A.json': { Resources: {} },
    'B.json': { Resources: {} },
  });
  await expect(readAssembly(folder)).rejects.toThrow(/several stacks \(A, B\)\. Name the one to read/);
  await expect(readAssembly(folder, { stack: 'B' })).resolves.toMatchObject({ stackName: 'B' });
  await expect(readAssembly(folder, { stack: 'C' })).rejects.toThrow(/no stack C\. It has: A, B\./);
});

it('takes the stack that needs no other, when one alone does', async () => {
  const artifacts = {
    B: { ...stack('B.json'), dependencies: ['A', 'B.assets'] },
    A: { ...stack('A.json'), dependencies: ['A.assets'] },
    C: { ...stack('C.json'), dependencies: ['B'] },
  };
  const manifest = (changed = {}) => ({
    'manifest.json': { version: '55.0.0', artifacts: { ...artifacts, ...changed } },
  });
  const templates = ['A', 'B', 'C', 'D'].map((name) => [`${name}.json`, { Resources: {} }]);
  await write({ ...manifest(), 'A.assets.json': {}, 'B.assets.json': {}, ...Object.fromEntries(templates) });
  await expect(readAssembly(folder)).resolves.toMatchObject({ stackName: 'A' });
  await write(manifest({ D: { ...stack('D.json'), dependencies: [] } }));
  await expect(readAssembly(folder)).rejects.toThrow(/several stacks \(A, B, C, D\)\. Name the one to read/);
});

describe('several stacks', () => {
  const artifact = (templateFile: string, dependencies: string[] = [], stackName?: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile, ...(stackName && { stackName }) },
    dependencies,
  });
  const app = (artifacts: Record<string, object>) => ({
    'manifest.json': { version: '55.0.0', artifacts },
    'T.json': { Resources: {} },
  });

  it('come after those that they need, with the names of those', async () => {
    await write(
      app({
        Late: artifact('T.json', ['Middle', 'First']),
        Middle: artifact('T.json', ['First'], 'Renamed'),
        First: artifact('T.json'),
        Alone: artifact('T.json'),
      }),
    );
    const stacks = await readStacks(folder);
    expect(stacks.map(({ stackName, needs }) => [stackName, needs])).toEqual([
      ['First', []],
      ['Renamed', ['First']],
      ['Late', ['Renamed', 'First']],
      ['Alone', []],
    ]);
    const names = (chosen?: string[]) => chooseStacks(stacks, chosen).map(({ stackName }) => stackName);
    expect(names()).toEqual(['First', 'Renamed', 'Late', 'Alone']);
    expect(names(['Alone', 'First', 'Alone'])).toEqual(['First', 'Alone']);
    expect(() => names(['First', 'Middle', 'Other'])).toThrow(
      'The app has no stack Middle, Other. It has: First, Renamed, Late, Alone.',
    );
    expect(() => names([])).toThrow('Choose at least one stack of the app: First, Renamed, Late, Alone.');
  });

  it('with one name, or that depend on each other, are refused', async () => {
    await write(app({ A: artifact('T.json'), B: artifact('T.json', [], 'A') }));
    await expect(readStacks(folder)).rejects.toThrow(/holds two stacks A\. Rename one/);
    await write(app({ A: artifact('T.json', ['B']), B: artifact('T.json', ['A']) }));
    await expect(readStacks(folder)).rejects.toThrow(/depend on each other: A → B → A\./);
  });
});

it.each<[string, Record<string, unknown>, RegExp]>([
  ['no manifest', {}, /is not a cloud assembly: .*manifest\.json cannot be read/],
  ['a manifest that is not JSON', { 'manifest.json': '{' }, /manifest\.json is not JSON/],
  ['a manifest of something else', { 'manifest.json': { version: 3 } }, /manifest\.json has an unexpected form/],
  ['no stack', { 'manifest.json': { version: '1', artifacts: {} } }, /holds no stack/],
  [
    'a template that is none',
    {
      'manifest.json': { version: '1', artifacts: { A: { ...stack('A.json'), dependencies: [] } } },
      'A.json': { Resources: [] },
    },
    /A\.json has an unexpected form/,
  ],
])('names the problem of a folder that has %s', async (_, files, message) => {
  await write(files);
  await expect(readAssembly(folder)).rejects.toMatchObject({
    name: 'AssemblyError',
    message: expect.stringMatching(message),
  });
});

it('names the command that creates a missing folder', async () => {
  await expect(readAssembly(join(folder, 'nowhere'))).rejects.toThrow(
    /There is no folder .*nowhere\. Synthesize the app into it: npx cdk synth/,
  );
});
