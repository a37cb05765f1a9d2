import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { makePrivate } from '../src/private-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'private-'));
});
afterEach(() => rm(folder, { recursive: true }));

const mode = async (...path: string[]) => ((await stat(join(folder, ...path))).mode & 0o777).toString(8);

// A worker thread, in which tests run, cannot set the umask.
it('creates private files until the last runtime ends', async () => {
  const program = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { createPrivateFiles } from ${JSON.stringify(import.meta.resolve('../src/private-files.ts'))};
    const before = process.umask();
    const [first, second] = [createPrivateFiles(), createPrivateFiles()];
    first();
    first();
    writeFileSync('file', '');
    mkdirSync('sub');
    second();
    process.exitCode = process.umask() === before ? 0 : 1;
  `;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder });
  expect([await mode('file'), await mode('sub')]).toEqual(['600', '700']);
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
