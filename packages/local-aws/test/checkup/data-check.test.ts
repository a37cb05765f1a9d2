import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkData, refuseDamage } from '../../src/checkup/data-check.ts';
import { damageCases, makeData, streamName } from './damage-cases.ts';

let intact: string;
let folder: string;
beforeAll(async () => {
  intact = await makeData();
});
afterAll(() => rm(intact, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkup-'));
  await cp(intact, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const thorough = () => checkData(folder, { thorough: true });

describe('a check of the data', () => {
  it('finds nothing wrong in intact data, and changes nothing', async () => {
    const before = await filesOf(folder);
    const checks = await thorough();
    expect(checks.flatMap(({ damages }) => damages)).toEqual([]);
    expect(checks.map(({ store }) => store)).toEqual([
      'Kinesis',
      'DynamoDB',
      'S3 and SQS',
      'pipes',
      'Firehose',
      'logs',
    ]);
    for (const { bytes } of checks) expect(bytes).toBeGreaterThan(0);
    await refuseDamage(folder);
    expect(await filesOf(folder)).toEqual(before);
  });

  it('finds nothing wrong in a new folder, nor in one whose first start was killed', async () => {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    expect((await thorough()).flatMap(({ damages }) => damages)).toEqual([]);
    await cp(join(intact, 'dynamodb.sqlite'), join(folder, 'dynamodb.sqlite'));
    await truncate(join(folder, 'dynamodb.sqlite'), 0);
    expect((await thorough()).flatMap(({ damages }) => damages)).toEqual([]);
  });

  it('takes writes that a kill cut short for what they are', async () => {
    const [log = ''] = (await readdir(join(folder, 'kinesis'))).filter((name) => name.endsWith('.log'));
    await appendFile(join(folder, 'kinesis', log), Buffer.from([1, 2, 3, 4, 200, 0, 1, 9, 9]));
    await appendFile(join(folder, 'firehose', 'archive', '00000001.journal'), Buffer.alloc(5, 1));
    await appendFile(join(folder, 'dynamodb.sqlite-wal'), Buffer.alloc(100));
    expect((await thorough()).flatMap(({ damages }) => damages)).toEqual([]);
  });

  it.each(damageCases)('tells $name, what is lost and the ways on', async ({ damage, said, lost }) => {
    await damage(folder);
    const damages = (await thorough()).flatMap((check) => check.damages);
    const [first] = damages;
    expect(`${first?.file} ${first?.problem}`).toMatch(said);
    expect(first?.lost).toMatch(lost);
    const refusal = refuseDamage(folder);
    await expect(refusal).rejects.toThrow(said);
    await expect(refusal).rejects.toMatchObject({
      name: 'DamagedDataError',
      message: expect.stringMatching(/from a copy.*doctor --repair.*--fresh/),
    });
  });
});

describe('a damaged LevelDB that was opened anyway', () => {
  it('fails a read of what is damaged, says so, and lets the process end', async () => {
    await damageCases[0]?.damage(folder);
    const program = fileURLToPath(new URL('read-damaged.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, join(folder, 'kinesis'), streamName], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^Kinesis data: .*kinesis is damaged: Corruption: .*doctor/),
      expect.stringMatching(/^The read failed: Corruption: /),
      'closed',
      '',
    ]);
    expect([status, stderr]).toEqual([3, '']);
  });
});

async function filesOf(path: string): Promise<string[]> {
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => !name.endsWith('-shm')).sort();
}
