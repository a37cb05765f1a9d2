import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
});
afterEach(() => rm(folder, { recursive: true }));

function save(fullFolder: string): string {
  const script = new URL('full-disk-writer.ts', import.meta.url).pathname;
  return spawnSync(process.execPath, [script, fullFolder, join(folder, 'checkpoint.json')], { encoding: 'utf8' })
    .stdout;
}

it('fails writes half-way while it is full, and has no free bytes then', async () => {
  expect(save(folder).split('\n')).toEqual([
    'true saved',
    'false Error: ENOSPC: no space left on device, write',
    'true saved',
    '',
  ]);
  expect(await readFile(join(folder, 'checkpoint.json'), 'utf8')).toContain('"3"');
});

it('leaves files elsewhere alone', () => {
  expect(save(join(folder, 'data'))).toBe('true saved\nfalse saved\ntrue saved\n');
});
