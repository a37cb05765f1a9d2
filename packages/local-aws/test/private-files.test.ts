import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createPrivateFiles, makePrivate } from '../src/private-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'private-'));
});
afterEach(() => rm(folder, { recursive: true }));

const mode = async (...path: string[]) => ((await stat(join(folder, ...path))).mode & 0o777).toString(8);

it('creates private files until the last runtime ends', async () => {
  const before = process.umask();
  const [first, second] = [createPrivateFiles(), createPrivateFiles()];
  first();
  first();
  await writeFile(join(folder, 'file'), '');
  await mkdir(join(folder, 'sub'));
  expect([await mode('file'), await mode('sub')]).toEqual(['600', '700']);
  second();
  expect(process.umask()).toBe(before);
});

it('takes the permissions of others from all that a folder holds, but not from the targets of links', async () => {
  await mkdir(join(folder, 'assets', 'bundle'), { recursive: true });
  await writeFile(join(folder, 'assets', 'bundle', 'program'), '');
  await mkdir(join(folder, 'elsewhere'));
  await writeFile(join(folder, 'elsewhere', 'outside'), '');
  await symlink(join(folder, 'elsewhere'), join(folder, 'assets', 'folder'));
  await symlink(join(folder, 'elsewhere', 'outside'), join(folder, 'assets', 'link'));
  await chmod(join(folder, 'assets', 'bundle'), 0o777);
  await chmod(join(folder, 'assets', 'bundle', 'program'), 0o755);
  await chmod(join(folder, 'elsewhere', 'outside'), 0o644);
  await makePrivate(join(folder, 'assets'));
  expect([await mode('assets'), await mode('assets', 'bundle'), await mode('assets', 'bundle', 'program')]).toEqual([
    '700',
    '700',
    '700',
  ]);
  expect(await mode('elsewhere', 'outside')).toBe('644');
});
