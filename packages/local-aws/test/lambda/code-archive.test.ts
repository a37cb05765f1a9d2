import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { unpackCode } from '../../src/lambda/code-archive.ts';
import { zip } from './fixture.ts';

let home = '';
let folder = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'code-'));
  folder = join(home, 'a', 'code');
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('unpackCode', () => {
  it('writes files and folders, and removes what was there', async () => {
    await unpackCode(zip({ 'old.mjs': '' }), folder);

    await unpackCode(zip({ 'index.mjs': 'a', 'lib/': '', 'lib/deep/b.mjs': 'b' }), folder);

    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      'index.mjs',
      'lib',
      'lib/deep',
      'lib/deep/b.mjs',
    ]);
    expect(await readFile(join(folder, 'lib/deep/b.mjs'), 'utf8')).toBe('b');
  });

  it.each(['../evil', 'lib/../../evil', '/tmp/evil', 'a//b', './a', 'lib\\..\\..\\evil', 'C:evil', '..', 'a\0b'])(
    'refuses the name %j and writes nothing',
    async (name) => {
      await expect(unpackCode(zip({ 'index.mjs': 'a', [name]: 'evil' }), folder)).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message: expect.stringContaining(JSON.stringify(name)),
      });
      expect(await readdir(home)).toEqual([]);
    },
  );

  it('refuses a file that is also a folder', async () => {
    await expect(unpackCode(zip({ lib: 'file', 'lib/b.mjs': 'b' }), folder)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  it.each([
    ['no zip file', Buffer.from('not a zip file at all')],
    ['nothing', new Uint8Array()],
    ['an empty zip file', zip({})],
    ['half a zip file', zip({ 'index.mjs': 'x'.repeat(1000) }).subarray(0, 60)],
  ])('refuses %s', async (_, bytes) => {
    await expect(unpackCode(bytes, folder)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('refuses a zip file whose header declares more than 250 MB', async () => {
    const bytes = Buffer.from(zip({ 'index.mjs': 'x' }));
    bytes.writeUInt32LE(262_144_001, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    await writeFile(join(home, 'other'), '');

    await expect(unpackCode(bytes, folder)).rejects.toThrow('Unzipped size must be smaller than 262144000 bytes');
  });
});
