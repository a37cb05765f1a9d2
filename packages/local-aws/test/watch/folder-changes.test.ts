import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Changes, watchFolder } from '../../src/watch/folder-changes.ts';

const never = new AbortController().signal;
let folder: string;
let changes: Changes;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'));
  for (const each of ['functions', 'data/tables', 'node_modules/x', '.git', 'cdk.out']) {
    await mkdir(join(folder, each), { recursive: true });
  }
  changes = watchFolder(folder, [join(folder, 'data')]);
});
afterEach(async () => {
  changes.stop();
  await rm(folder, { recursive: true });
});

it("tells changes of the app's files, also in new folders, and of no others", async () => {
  for (const each of ['node_modules/x/index.js', '.git/index', 'cdk.out/manifest.json', 'data/tables/1']) {
    await writeFile(join(folder, each), 'changed');
  }
  await writeFile(join(folder, 'functions/a.ts'), 'changed');
  expect(new Set(await changes.next(never))).toEqual(new Set([join('functions', 'a.ts')]));

  await mkdir(join(folder, 'new/folder'), { recursive: true });
  const seen = new Set<string>();
  while (!seen.has(join('new', 'folder', 'b.ts'))) {
    await writeFile(join(folder, 'new/folder/b.ts'), String(seen.size));
    for (const path of await changes.next(never)) seen.add(path);
  }
  expect([...seen].filter((path) => !/^(new|functions)/.test(path))).toEqual([]);
});

it('gives nothing at an abort', async () => {
  const given = new AbortController();
  const next = changes.next(given.signal);
  given.abort();
  expect(await next).toEqual([]);
});
