import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { WarmApp } from '../../src/assembly/warm-app.ts';

/** Writes as its assembly what it read, how often a package was loaded before it began, and its Node options. */
const program = `
  const isLoaded = globalThis.loads === 1;
  require('slow');
  const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
  const table = readFileSync('table.txt', 'utf8');
  if (table === 'broken') { console.error('The table is broken.'); process.exit(1); }
  mkdirSync(process.env.CDK_OUTDIR);
  const { NODE_OPTIONS, WARM_APP_MODULES, CDK_CONTEXT_JSON } = process.env;
  const environment = [NODE_OPTIONS, WARM_APP_MODULES, JSON.parse(CDK_CONTEXT_JSON).color];
  writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', JSON.stringify({ table, isLoaded, environment }));
`;
let folder: string;
let app: WarmApp;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warm-'));
  await mkdir(join(folder, 'node_modules/slow'), { recursive: true });
  await writeFile(join(folder, 'node_modules/slow/index.js'), 'globalThis.loads = (globalThis.loads ?? 0) + 1;');
  await writeFile(join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.cjs', context: { color: 'red' } }));
  await writeFile(join(folder, 'app.cjs'), program);
  await writeFile(join(folder, 'table.txt'), 'one');
  app = new WarmApp({ appFolder: folder });
});
afterEach(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

let runs = 0;
async function run() {
  const outputFolder = (count: number) => join(folder, `cdk.out-${count}`);
  await app.synthesize(outputFolder(runs)).finally(() => app.prepare(outputFolder(runs + 1)));
  runs += 1;
  return JSON.parse(await readFile(join(outputFolder(runs - 1), 'manifest.json'), 'utf8'));
}

it('loads the packages of the last run before it is needed, and files of the app when it is', async () => {
  expect(await run()).toEqual({ table: 'one', isLoaded: false, environment: [null, null, 'red'] });
  await writeFile(join(folder, 'table.txt'), 'two');
  expect(await run()).toEqual({ table: 'two', isLoaded: true, environment: [null, null, 'red'] });
});

it('starts the app anew when its settings have changed', async () => {
  await run();
  await writeFile(join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.cjs', context: { color: 'blue' } }));
  expect(await run()).toMatchObject({ environment: [null, null, 'blue'] });
});

it('goes on after a run that failed', async () => {
  await writeFile(join(folder, 'table.txt'), 'broken');
  await expect(run()).rejects.toThrow('The CDK app (node app.cjs) could not be synthesized:\nThe table is broken.');
  await writeFile(join(folder, 'table.txt'), 'mended');
  expect(await run()).toMatchObject({ table: 'mended' });
});

it('runs an app of another program too', async () => {
  await writeFile(
    join(folder, 'cdk.json'),
    JSON.stringify({ app: 'mkdir -p $CDK_OUTDIR && echo 1 > $CDK_OUTDIR/manifest.json' }),
  );
  expect(await run()).toBe(1);
});
