import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '@tweet-pipes/kit/process-alive';
import { until } from '../../../kit/test/until.ts';
import { readAssembly } from '../../src/assembly/read-assembly.ts';
import { resolveTemplate } from '../../src/assembly/resolve-template.ts';
import { type SynthesizeOptions, synthesize } from '../../src/assembly/synthesize.ts';

const sensors = join(import.meta.dirname, '../../examples/sensors');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synth-'));
});
afterEach(async () => {
  delete process.env.npm_config_call;
  delete process.env.CDK_DEFAULT_REGION;
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
  expect(inert.map(({ what }) => what)).toEqual(['AWS::Kinesis::Stream StreamEncryption.EncryptionType']);
});

it('gives the app the context of the CDK CLI and of cdk.json, with the given one on top', async () => {
  const appFolder = await writeApp('console.error(process.env.CDK_CONTEXT_JSON); process.exitCode = 1;');
  const failing = synthesize({ appFolder, outputFolder: join(folder, 'out'), context: { size: 2 } });
  await expect(failing).rejects.toThrow(
    '{"aws:cdk:enable-path-metadata":true,"aws:cdk:enable-asset-metadata":true,"color":"red","size":2}',
  );
});

it('reports what the app prints, without a stack trace', async () => {
  const appFolder = await writeApp('console.error("There is no option colour."); process.exitCode = 1;');
  const failing = synthesize({ appFolder, outputFolder: join(folder, 'out') });
  await expect(failing).rejects.toMatchObject({
    name: 'SynthesisError',
    message: 'The CDK app (node app.mjs) could not be synthesized:\nThere is no option colour.',
  });
});

it('runs the given command in place of that of cdk.json, by a shell, after the build of cdk.json', async () => {
  const appFolder = await writeApp('');
  const says = (text: string) => `node -e "require('fs').appendFileSync('../said', '${text} ')"`;
  await writeFile(join(appFolder, 'cdk.json'), JSON.stringify({ app: 'node nothing.mjs', build: says('built') }));
  await synthesize({ appFolder, outputFolder: join(folder, 'out'), app: `${says('one')} && ${says('two')}` });
  expect(await readFile(join(folder, 'said'), 'utf8')).toBe('built one two ');
});

it('needs no cdk.json for a given command, and reads what the CDK CLI has looked up', async () => {
  const appFolder = await writeApp(
    'console.error(process.env.CDK_CONTEXT_JSON, process.env.STAGE); process.exitCode = 1;',
  );
  await rm(join(appFolder, 'cdk.json'));
  await writeFile(join(appFolder, 'cdk.context.json'), '{"zones":["a"],"size":1}');
  const failing = synthesize({
    appFolder,
    outputFolder: join(folder, 'out'),
    app: 'node app.mjs',
    context: { size: 2 },
    environment: { STAGE: 'test' },
  });
  await expect(failing).rejects.toThrow('"zones":["a"],"size":2} test');
});

it('says how an app ended that printed nothing, and that cdk.json names no app', async () => {
  const appFolder = await writeApp('process.exitCode = 3;');
  const output = { appFolder, outputFolder: join(folder, 'out') };
  await expect(synthesize(output)).rejects.toThrow('could not be synthesized:\nIt ended with exit code 3.');
  await writeFile(join(appFolder, 'cdk.json'), '{}');
  await expect(synthesize(output)).rejects.toThrow(
    'cdk.json has no "app", the command that runs the app. Name it there, or give one.',
  );
});

it('ends the app, and what it started, when it is given up', async () => {
  const waits = 'console.log(process.pid); process.stdin.resume(); setInterval(() => {}, 1000)';
  const appFolder = await writeApp(`
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(waits)}], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdout.on('data', (id) => writeFileSync('../pid', String(id)));
    child.on('close', () => {});
  `);
  const given = new AbortController();
  const synthesis = synthesize({ appFolder, outputFolder: join(folder, 'out'), signal: given.signal });
  const ended = expect(synthesis).rejects.toThrow('given up');
  const id = async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''));
  await until(async () => (await id()) > 0);
  given.abort(new Error('given up'));
  await ended;
  const ofChild = await id();
  await until(() => !isAlive(ofChild));
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

describe('with a cache', () => {
  /** Runs of the app, which writes its own text as an assembly. */
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).length;
  const program = `
    import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    appendFileSync('../runs', '.');
    if (process.env.CDK_CONTEXT_JSON.includes('hasty')) writeFileSync('table.txt', 'changed while it was read');
    mkdirSync(process.env.CDK_OUTDIR);
    writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', readFileSync('table.txt'));
  `;
  let app: SynthesizeOptions & { cacheFolder: string };
  beforeEach(async () => {
    const appFolder = await writeApp(program);
    await writeFile(join(appFolder, 'table.txt'), 'a table');
    app = { appFolder, outputFolder: join(folder, 'out'), cacheFolder: join(folder, 'cache') };
  });
  const written = () => readFile(join(app.outputFolder, 'manifest.json'), 'utf8');

  it('runs an app once while nothing changes', async () => {
    for (let time = 1; time <= 3; time++) {
      await synthesize(app);
      expect([await runs(), await written()]).toEqual([1, 'a table']);
    }
  });

  it.each<[string, () => Promise<void>]>([
    ['a file', () => writeFile(join(app.appFolder, 'table.txt'), 'another')],
    ['a file of the same size', () => writeFile(join(app.appFolder, 'table.txt'), 'A TABLE')],
    [
      'a new file in a folder',
      () => mkdir(join(app.appFolder, 'new')).then(() => writeFile(join(app.appFolder, 'new', 'file'), '')),
    ],
    [
      'what is installed',
      () =>
        mkdir(join(app.appFolder, 'node_modules')).then(() =>
          writeFile(join(app.appFolder, 'node_modules', '.package-lock.json'), '{}'),
        ),
    ],
    [
      'the context',
      async () => {
        app = { ...app, context: { size: 2 } };
      },
    ],
    [
      'the environment',
      async () => {
        process.env.CDK_DEFAULT_REGION = 'eu-north-1';
      },
    ],
  ])('runs it again after a change of %s', async (_, change) => {
    await synthesize(app);
    await change();
    await synthesize(app);
    expect([await runs(), await written()]).toEqual([2, await readFile(join(app.appFolder, 'table.txt'), 'utf8')]);
  });

  it('keeps nothing of an app whose files change while it runs', async () => {
    for (const runsSoFar of [1, 2]) {
      await writeFile(join(app.appFolder, 'table.txt'), 'a table');
      await synthesize({ ...app, context: { hasty: true } });
      expect(await runs()).toBe(runsSoFar);
    }
  });

  it('runs an app each time where it can keep nothing', async () => {
    await writeFile(app.cacheFolder, 'a file in the way');
    await synthesize(app);
    await synthesize(app);
    expect([await runs(), await written()]).toEqual([2, 'a table']);
  });

  it('keeps the forty that were used last', async () => {
    await synthesize(app);
    const [used = ''] = await readdir(app.cacheFolder);
    const others = Array.from({ length: 40 }, (_, n) => `other ${n}`);
    for (const other of others) await mkdir(join(app.cacheFolder, other));
    const setAge = (name: string, minutes: number) => {
      const at = new Date(Date.now() - minutes * 60_000);
      return utimes(join(app.cacheFolder, name), at, at);
    };
    await Promise.all([setAge(used, 60), ...others.map((other, minutes) => setAge(other, minutes + 1))]);
    await synthesize(app);
    await synthesize({ ...app, context: { size: 2 } });
    const kept = await readdir(app.cacheFolder);
    expect([await runs(), kept.length]).toEqual([2, 40]);
    expect(kept).toEqual(expect.arrayContaining([used, ...others.slice(0, 38)]));
  });
});
