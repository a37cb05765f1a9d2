import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { zipFolder } from '../../src/assembly/zip-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
  await mkdir(join(folder, 'lib'));
  await writeFile(join(folder, 'lib/späť.txt'), 'ж');
  await writeFile(join(folder, 'index.js'), 'exports.handler = 1');
});
afterEach(() => rm(folder, { recursive: true }));

it('holds every file by its path in the folder', async () => {
  const files = unzipSync(await zipFolder(folder));
  expect(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strFromU8(content)]))).toEqual({
    'index.js': 'exports.handler = 1',
    'lib/späť.txt': 'ж',
  });
});

it('is the same for the same content at any time', async () => {
  const before = await zipFolder(folder);
  await utimes(join(folder, 'index.js'), 1_000_000_000, 1_000_000_000);
  expect(await zipFolder(folder)).toEqual(before);
});
