import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

const app = new URL('../../infra/app.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'tweet-pipes-app-'));

/** Runs the app as the local runtime does: another working directory, no CDK CLI, the context in the environment. */
function run(outdir: string, context: Record<string, unknown>) {
  const env = {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_VALIDATION: 'false',
  };
  return spawnSync(process.execPath, [app], { cwd: folder, env, encoding: 'utf8' });
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
});
