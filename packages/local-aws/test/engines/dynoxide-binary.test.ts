import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { findDynoxide } from '../../src/engines/dynoxide-binary.ts';

it('prefers the npm package of this platform, takes PATH else, and otherwise says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-aws-'));
  const path = join(folder, 'dynoxide');
  await writeFile(path, '#!/bin/sh\n');
  const find = (PATH: string, packageName?: string): string => findDynoxide({ PATH }, packageName);
  expect(() => find(folder, '@dynoxide/no-such')).toThrow(/DYNAMODB_ENDPOINT/); // Not executable.
  await chmod(path, 0o755);
  expect(find(`/nowhere:${folder}`, '@dynoxide/no-such')).toBe(path);
  expect(() => find('', '@dynoxide/no-such')).toThrow(
    /neither the npm package @dynoxide\/no-such nor a program named dynoxide on PATH/,
  );
  if (process.platform === 'linux' && process.arch === 'x64')
    expect(find(folder)).toMatch(/@dynoxide\/linux-x64\/dynoxide$/);
  await rm(folder, { recursive: true });
});
