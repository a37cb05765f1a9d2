import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRuntime } from '@tweet-pipes/local-aws';
import { smallResources, writeSmallAssembly } from '../../../local-aws/test/small-assembly.ts';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

let home: string;
let data: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'doctor-'));
  data = join(home, 'data');
  await writeSmallAssembly(join(home, 'assembly'), smallResources);
});
afterEach(() => rm(home, { recursive: true }));

const start = () => startRuntime({ dataFolder: data, assemblyFolder: join(home, 'assembly') });
async function doctor(...flags: string[]) {
  const terminal = fakeTerminal({ PATH: process.env.PATH ?? '' });
  const exitCode = await run(['doctor', '--data', data, ...flags], terminal);
  return { exitCode, out: terminal.printed(), err: terminal.complaints() };
}

describe('doctor', () => {
  it('says that there is no data yet, and makes none', async () => {
    const { exitCode, out, err } = await doctor();
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/data, which does not exist yet: the next start makes it; .* free\.\nNothing is wrong\.$/);
    expect(await readdir(home)).toEqual(['assembly']);
  });

  it('finds intact data intact, and refuses a folder in use', async () => {
    const runtime = await start();
    const used = await doctor();
    expect([used.exitCode, used.out]).toEqual([1, '']);
    expect(used.err).toMatch(/data is in use by the runtime with process id \d+/);
    await runtime.stop();
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(0);
    expect(out.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ {2}Kinesis +[\d.]+ \w+ {2}intact$/),
      expect.stringMatching(/^ {2}DynamoDB +[\d.]+ \w+ {2}intact$/),
      expect.stringMatching(/^ {2}S3 and SQS +[\d.]+ \w+ {2}intact$/),
      expect.stringMatching(/^ {2}pipes +0 bytes {2}intact$/),
      expect.stringMatching(/^ {2}Firehose +0 bytes {2}intact$/),
      expect.stringMatching(/^ {2}logs +0 bytes {2}intact$/),
      'Nothing is wrong.',
    ]);
  });

  it('tells damage, repairs it and says what is lost; a start works then', async () => {
    await (await start()).stop();
    await rm(join(data, 'kinesis', 'CURRENT'));
    await writeFile(join(data, 'objects', 'fauxqs.db'), Buffer.alloc(4096));
    const sick = JSON.parse((await doctor('--json')).out);
    expect(sick).toMatchObject({
      ok: false,
      folder: data,
      problems: [
        { what: 'data of Kinesis', why: expect.stringContaining('CURRENT is missing'), do: expect.any(String) },
        { what: 'data of S3 and SQS', why: expect.stringContaining('fauxqs.db'), do: expect.any(String) },
      ],
    });
    await expect(start()).rejects.toMatchObject({ name: 'DamagedDataError' });
    const { exitCode, out } = await doctor('--repair');
    expect(exitCode).toBe(2);
    expect(out).toMatch(/Repaired Kinesis: kept \d+ records of 1 stream\. Nothing is lost\./);
    expect(out).toMatch(/Repaired S3 and SQS: kept nothing\. Lost: all objects and messages\./);
    expect(out).toMatch(/The damaged files are in .*damaged\/2\d{3}-/);
    expect(await doctor()).toMatchObject({ exitCode: 0 });
    await (await start()).stop();
  });

  it('is content when a repair loses nothing', async () => {
    await (await start()).stop();
    await rm(join(data, 'kinesis', 'CURRENT'));
    expect(await doctor('--repair')).toMatchObject({ exitCode: 0 });
  });
});
