import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isAlive } from '@tweet-pipes/kit/process-alive';
import { until } from '../../../kit/test/until.ts';
import { synthesizeEarly } from '../../src/assembly/early-synthesis.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'early-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An app that is this program, in a folder of its own. Its working directory is that folder. */
async function writeApp(program: string): Promise<string> {
  const appFolder = join(folder, 'app');
  await mkdir(appFolder);
  await writeFile(join(appFolder, 'cdk.json'), JSON.stringify({ app: 'node app.mjs' }));
  await writeFile(join(appFolder, 'app.mjs'), program);
  return appFolder;
}

const writesManifest = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
  writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', 'new');
  writeFileSync('../outdir', process.env.CDK_OUTDIR);`;

it('puts the assembly in the place of a folder, and leaves nothing elsewhere', async () => {
  const target = join(folder, 'assembly');
  await mkdir(target);
  await writeFile(join(target, 'old.json'), '');
  const synthesis = await synthesizeEarly({ appFolder: await writeApp(writesManifest) });
  await synthesis.into(target);
  await synthesis.end();
  expect([await readdir(target), await readFile(join(target, 'manifest.json'), 'utf8')]).toEqual([
    ['manifest.json'],
    'new',
  ]);
  const temporary = await readFile(join(folder, 'outdir'), 'utf8');
  await expect(readdir(join(temporary, '..'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('keeps an assembly, and takes a kept one', async () => {
  const options = { appFolder: await writeApp(writesManifest), cacheFolder: join(folder, 'cache') };
  for (const name of ['first', 'second']) {
    const synthesis = await synthesizeEarly(options);
    await synthesis.into(join(folder, name));
    await synthesis.end();
    expect(await readdir(join(folder, name))).toEqual(['manifest.json']);
    await writeFile(join(folder, 'outdir'), 'no run');
  }
  expect(await readFile(join(folder, 'outdir'), 'utf8')).toBe('no run');
});

it('throws what went wrong when the assembly is asked for', async () => {
  const failing = await synthesizeEarly({
    appFolder: await writeApp('console.error("There is no option colour."); process.exitCode = 1;'),
  });
  await expect(failing.into(join(folder, 'out'))).rejects.toMatchObject({
    name: 'SynthesisError',
    message: 'The CDK app (node app.mjs) could not be synthesized:\nThere is no option colour.',
  });
  await failing.end();
  const missing = await synthesizeEarly({ appFolder: folder });
  await expect(missing.into(join(folder, 'out'))).rejects.toThrow(`There is no ${join(folder, 'cdk.json')}.`);
  await missing.end();
});

it('ends an app that is not needed', async () => {
  const synthesis = await synthesizeEarly({
    appFolder: await writeApp(`
      import { writeFileSync } from 'node:fs';
      writeFileSync('../pid', String(process.pid));
      process.stdin.resume();
      setInterval(() => {}, 1000);`),
  });
  const id = async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''));
  await until(async () => (await id()) > 0);
  await synthesis.end();
  const app = await id();
  await until(() => !isAlive(app));
});
