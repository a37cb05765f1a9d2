import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readAssembly } from '../../src/assembly/read-assembly.ts';
import { resolveTemplate } from '../../src/assembly/resolve-template.ts';
import { synthesize } from '../../src/assembly/synthesize.ts';

const sensors = join(import.meta.dirname, '../../examples/sensors');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synth-'));
});
afterEach(async () => {
  delete process.env.npm_config_call;
  await rm(folder, { recursive: true });
});

/** An app that is this program, in a folder of its own. */
async function writeApp(program: string): Promise<string> {
  const appFolder = join(folder, 'app');
  await mkdir(appFolder);
  await writeFile(join(appFolder, 'cdk.json'), JSON.stringify({ app: 'node app.mjs', context: { color: 'red' } }));
  await writeFile(join(appFolder, 'app.mjs'), program);
  return appFolder;
}

it('synthesizes the app with the given context', async () => {
  await synthesize({ appFolder: sensors, outputFolder: join(folder, 'out'), context: { shards: 3 } });
  const { stackName, template } = await readAssembly(join(folder, 'out'));
  const environment = {
    stackName,
    region: 'eu-west-1',
    accountId: '000000000000',
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
  };
  const { resources, inert } = resolveTemplate(template, { environment });
  const stream = resources.find(({ type }) => type.type === 'AWS::Kinesis::Stream');
  expect(stream?.properties(new Map())).toMatchObject({ ShardCount: 3 });
  expect(inert.map(({ what }) => what)).toContain('AWS::IAM::Role');
});

it('gives the app the context of cdk.json, with the given one on top', async () => {
  const appFolder = await writeApp('console.error(process.env.CDK_CONTEXT_JSON); process.exitCode = 1;');
  const failing = synthesize({ appFolder, outputFolder: join(folder, 'out'), context: { size: 2 } });
  await expect(failing).rejects.toThrow('{"color":"red","size":2}');
});

it('reports what the app prints, without a stack trace', async () => {
  const appFolder = await writeApp('console.error("There is no option colour."); process.exitCode = 1;');
  const failing = synthesize({ appFolder, outputFolder: join(folder, 'out') });
  await expect(failing).rejects.toMatchObject({
    name: 'SynthesisError',
    message: 'The CDK app (node app.mjs) could not be synthesized:\nThere is no option colour.',
  });
});

it("keeps npm's own variables from the app", async () => {
  // As under `npx -c`: an npx that the app starts would run this command in place of its own.
  process.env.npm_config_call = 'false';
  const appFolder = await writeApp(
    'console.error(Object.keys(process.env).filter((name) => /^npm_/i.test(name)).length); process.exitCode = 1;',
  );
  const failing = synthesize({ appFolder, outputFolder: join(folder, 'out') });
  await expect(failing).rejects.toThrow(/:\n0$/);
});

it('says which file is missing or cannot be used', async () => {
  const missing = synthesize({ appFolder: folder, outputFolder: join(folder, 'out') });
  await expect(missing).rejects.toMatchObject({
    name: 'SynthesisError',
    message: `There is no ${join(folder, 'cdk.json')}. appFolder is the folder of a CDK app; assemblyFolder takes one that is synthesized already.`,
  });
  await writeFile(join(folder, 'cdk.json'), '{');
  const broken = synthesize({ appFolder: folder, outputFolder: join(folder, 'out') });
  await expect(broken).rejects.toThrow(/cdk\.json cannot be used: SyntaxError: /);
});
