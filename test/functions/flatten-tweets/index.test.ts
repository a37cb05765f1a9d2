import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { sourceRecord } from './transformation.ts';

const script = `import { handler } from './index.mjs';
console.log(JSON.stringify(await handler(JSON.parse(process.argv[2]), { functionName: 'flatten', getRemainingTimeInMillis: () => 1000 })));`;

/** Bundled as NodejsFunction bundles it, in a process of its own: what AWS runs. */
describe('the bundled handler', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flatten-tweets-'));
    await build({
      entryPoints: ['functions/flatten-tweets/index.ts'],
      outfile: join(folder, 'index.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      logLevel: 'silent',
    });
    await writeFile(join(folder, 'run.mjs'), script);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = async (event: unknown): Promise<string[]> => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'run.mjs'), JSON.stringify(event)]);
    return stdout.trim().split('\n');
  };

  it('answers rows, and counts and names in a metric what failed', async () => {
    const records = [sourceRecord('{"id_str":"1"}', 'a'), sourceRecord('secret', 'b')];
    const [metric = '', answer = ''] = await run({ records });

    expect(JSON.parse(answer)).toMatchObject({ records: [{ result: 'Ok' }, { result: 'ProcessingFailed' }] });
    expect(JSON.parse(metric)).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'TweetPipes',
            Dimensions: [['FunctionName']],
            Metrics: [{ Name: 'FailedRecords', Unit: 'Count' }],
          },
        ],
      },
      FunctionName: 'flatten',
      FailedRecords: 1,
      records: [{ record: 'shardId-000000000001/4960', reason: 'not-an-object' }],
    });
    expect(metric).not.toContain('secret');
  });

  it('writes nothing when every record is a row', async () => {
    expect(await run({ records: [sourceRecord('{"id_str":"1"}')] })).toHaveLength(1);
  });

  it('names a hundred of many failed records', async () => {
    const [metric = ''] = await run({ records: Array.from({ length: 300 }, () => sourceRecord('x')) });
    const { FailedRecords, records } = JSON.parse(metric);

    expect([FailedRecords, records.length]).toEqual([300, 100]);
  });
});
