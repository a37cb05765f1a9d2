import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { suiteSubject } from '../../src/bench/suite.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-suite-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A project without packages, and the subject measuring it. */
async function measure(testScript: string) {
  const project = join(folder, 'project');
  const about = { name: 'small', version: '1.0.0' };
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ ...about, scripts: { test: testScript } }));
  await writeFile(
    join(project, 'package-lock.json'),
    JSON.stringify({ ...about, lockfileVersion: 3, packages: { '': about } }),
  );
  await mkdir(join(project, 'node_modules'));
  await writeFile(join(project, 'node_modules/kept'), '');
  return suiteSubject(project).run({
    ...{ folder, rounds: 3, growthRecords: 1_000, counters: 1_000, nodeFlags: [], doing: () => {} },
    signal: new AbortController().signal,
  });
}

it('times npm ci and npm test, once, in a copy without packages', async () => {
  const { figures } = await measure('test ! -e node_modules/kept');

  expect(figures).toMatchObject([
    { name: 'npm ci', unit: 's', repeats: [expect.any(Number)], goal: { atMost: 30 } },
    { name: 'npm test', unit: 's', repeats: [expect.any(Number)], goal: { atMost: 240 } },
  ]);
});

it('fails with what the tests have printed', async () => {
  await expect(measure('echo 1 failed, 2 passed; exit 1')).rejects.toThrow(
    /^npm test failed in a fresh clone: [\s\S]*1 failed, 2 passed/,
  );
});
