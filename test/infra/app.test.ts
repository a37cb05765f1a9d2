import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import { ProjectCopy } from '@tweet-pipes/lab/project-copy';

const project = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tweet-pipes-app-'));

/** Runs the app as the local runtime does: another working directory, no CDK CLI, the context in the environment. */
function run(outdir: string, context: Record<string, unknown>, inProject = project) {
  const env = {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_VALIDATION: 'false',
  };
  return spawnSync(process.execPath, [join(inProject, 'infra/app.ts')], { cwd: folder, env, encoding: 'utf8' });
}

describe('infra/app.ts', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes template and bundled function without the CDK CLI', () => {
    const outdir = join(folder, 'assembly');

    expect(run(outdir, { 'tweetPipes:shards': 2 })).toMatchObject({ status: 0, stdout: '' });

    const template = JSON.parse(readFileSync(join(outdir, 'TweetPipes.template.json'), 'utf8'));
    const assets = JSON.parse(readFileSync(join(outdir, 'TweetPipes.assets.json'), 'utf8'));
    const sources = Object.values<{ source: { path: string } }>(assets.files).map(({ source }) => source.path);
    expect(JSON.stringify(template)).toContain('"ShardCount":2');
    expect(sources.some((path) => existsSync(join(outdir, path, 'index.mjs')))).toBe(true);
  });

  it('explains a wrong option in one line, without a stack trace', () => {
    const outdir = join(folder, 'refused');

    expect(run(outdir, { 'tweetPipes:shard': 2 })).toMatchObject({
      status: 1,
      stderr: 'Unknown option tweetPipes:shard. The closest is tweetPipes:shards; docs/configuration.md lists all.\n',
    });
    expect(existsSync(join(outdir, 'TweetPipes.template.json'))).toBe(false);
  });

  it('says once what is wrong with a function, to commands that bundle alone', async () => {
    const copy = await ProjectCopy.create(project);
    await appendFile(join(copy.folder, 'functions/flatten-tweets/index.ts'), 'const x = ;\n');

    // As cdk ls and cdk destroy ask for it.
    const listed = run(join(folder, 'listed'), { 'aws:cdk:bundling-stacks': [] }, copy.folder);
    const bundled = run(join(folder, 'bundled'), {}, copy.folder);

    await copy.remove();
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    expect(bundled).toMatchObject({ status: 1, stderr: expect.stringContaining('[ERROR] Unexpected ";"') });
    expect(bundled.stderr.split('[ERROR]')).toHaveLength(2);
  });
});
