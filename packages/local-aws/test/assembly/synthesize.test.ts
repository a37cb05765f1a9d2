import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readAssembly } from '../../src/assembly/read-assembly.ts';
import { resolveTemplate } from '../../src/assembly/resolve-template.ts';
import { synthesize } from '../../src/assembly/synthesize.ts';

const appFolder = join(import.meta.dirname, '../../../..');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synth-'));
});
afterEach(async () => {
  delete process.env.npm_config_call;
  await rm(folder, { recursive: true });
});

it('writes the app with the given context, all of which the runtime can run', async () => {
  // As under `npx -c 'npx tweet-pipes local'`: npx would bundle nothing and run this instead.
  process.env.npm_config_call = 'false';
  await synthesize({ appFolder, outputFolder: join(folder, 'out'), context: { 'tweetPipes:shards': '3' } });
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
}, 30_000);

it('tells what the app says is wrong, without a stack trace', async () => {
  const outputFolder = join(folder, 'out');
  const failing = synthesize({ appFolder, outputFolder, context: { 'tweetPipes:shard': '3' } });
  await expect(failing).rejects.toMatchObject({
    name: 'SynthesisError',
    message: expect.stringMatching(/could not be synthesized:\n.*tweetPipes:shard\b/s),
  });
  await expect(failing).rejects.not.toThrow(/\n {4}at /);
}, 30_000);
