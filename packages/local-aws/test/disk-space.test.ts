import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { until } from '../../kit/test/until.ts';
import { createDiskGuard } from '../src/disk-guard.ts';
import { DiskSpace, lackOfSpace } from '../src/disk-space.ts';
import type { Call, WireResponse } from '../src/gateway/wire.ts';
import { Problems } from '../src/problems.ts';
import { WORKER_ACCESS_KEY_ID } from '../src/worker-key.ts';

let folder: string;
let clock: ManualClock;
let freeMegabytes: number;
let measurements: number;
let lines: string[];
let problems: Problems;
let disk: DiskSpace;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-'));
  clock = new ManualClock();
  [freeMegabytes, measurements, lines] = [1000, 0, []];
  problems = new Problems((line) => lines.push(line));
  const freeBytes = () => {
    measurements += 1;
    return freeMegabytes * 1e6;
  };
  disk = new DiskSpace({ folder, clock, problems, freeBytes });
  disk.start();
});
afterEach(async () => {
  await disk.stop();
  await rm(folder, { recursive: true });
});

const answered: WireResponse = { statusCode: 200, headers: {}, body: Buffer.from('{}') };

function call(operation: string, body = '', accessKeyId = 'local', forward = async () => answered) {
  const [service = '', name = ''] = operation.split('.');
  const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId };
  const request = { method: 'POST', url: '/', headers: {}, body: Buffer.from(body) };
  const made: Call = { service, operation: name, request, context };
  return createDiskGuard(disk)(made, forward).then(
    ({ statusCode }) => statusCode,
    (error: unknown) => error,
  );
}
const fromWorker = (operation: string) => call(operation, '', WORKER_ACCESS_KEY_ID);

/** Real time passes too: the probe writes a file. */
async function whenRoom(): Promise<void> {
  await until(async () => {
    await clock.advance(1_000);
    return problems.list.length === 0;
  });
}

describe('a disk that fills up', () => {
  it('is one line, with its folder, what is left and what is needed, and one line when it has room again', async () => {
    freeMegabytes = 7.96;
    await clock.advance(1_000);
    freeMegabytes = 3.2;
    await clock.advance(10_000);
    expect(problems.list).toMatchObject([{ what: 'disk full', why: `${folder}, 8 MB left, needs 10 MB` }]);
    freeMegabytes = 9.9;
    await clock.advance(5_000);
    expect(problems.list).toHaveLength(1);
    freeMegabytes = 64;
    await whenRoom();
    expect(lines).toEqual([
      `disk full: ${folder}, 8 MB left, needs 10 MB. Free some: writes are refused until then, and what was accepted is kept.`,
      `The disk has room again: ${folder}, 64 MB left. Everything goes on.`,
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['kinesis.PutRecords', 'ServiceUnavailable', 503],
    ['dynamodb.PutItem', 'InternalServerError', 500],
    ['s3.PutObject', 'ServiceUnavailable', 503],
    ['sqs.SendMessage', 'ServiceUnavailable', 503],
    ['firehose.PutRecordBatch', 'ServiceUnavailableException', 503],
    ['lambda.CreateFunction', 'ServiceException', 500],
    ['states.StartSyncExecution', 'ServiceUnavailable', 503],
  ])('refuses %s with %s, which SDKs retry', async (operation, name, statusCode) => {
    freeMegabytes = 1;
    await clock.advance(100);
    const message = `disk full: ${folder}, 1 MB left, needs 10 MB`;
    expect(await call(operation)).toMatchObject({ name, statusCode, message });
    freeMegabytes = 100;
    await whenRoom();
    expect(await call(operation)).toBe(200);
  });

  it('lets reads and deletes through', async () => {
    freeMegabytes = 0;
    await clock.advance(100);
    for (const operation of ['kinesis.GetRecords', 'dynamodb.GetItem', 'dynamodb.DeleteItem', 's3.DeleteObject']) {
      expect(await call(operation)).toBe(200);
    }
  });

  it('refuses callers first, then new work, and running work last', async () => {
    const outcomes: unknown[] = [];
    for (freeMegabytes of [9, 7, 4, 2]) {
      await clock.advance(100);
      const caller = await call('dynamodb.UpdateItem');
      const beginning = await fromWorker('states.StartSyncExecution');
      const running = await fromWorker('dynamodb.UpdateItem');
      outcomes.push([caller, beginning, running].map((outcome) => outcome === 200));
    }
    expect(outcomes).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
      [false, false, false],
    ]);
  });

  it('is measured at most every 50 ms, and sooner after a megabyte', async () => {
    freeMegabytes = 100;
    await call('kinesis.PutRecords');
    const before = measurements;
    for (let times = 0; times < 100; times += 1) await call('kinesis.PutRecords', 'x'.repeat(1000));
    expect(measurements).toBe(before);
    await call('kinesis.PutRecords', 'x'.repeat(500_000));
    await call('kinesis.PutRecords');
    expect(measurements).toBe(before + 1);
  });

  it('counts what was written since the measurement', async () => {
    freeMegabytes = 8.5;
    await clock.advance(100);
    expect(await call('kinesis.PutRecords', 'x'.repeat(200_000))).toBe(200);
    expect(await call('kinesis.PutRecords', 'x')).toMatchObject({ name: 'ServiceUnavailable' });
  });
});

describe('a write that fails although there seems to be room', () => {
  const full = new Error('IO error: /data/000009.ldb: No space left on device');

  it.each([
    ['an error', () => Promise.reject(full)],
    ['an answer', async () => ({ ...answered, statusCode: 500, body: Buffer.from('{"message":"disk is full"}') })],
  ])('shows a full disk by %s, and refuses everything until a megabyte can be written', async (_, forward) => {
    freeMegabytes = 500;
    expect(await call('kinesis.PutRecord', '', 'local', forward)).toMatchObject({
      name: 'ServiceUnavailable',
      message: `disk full: ${folder}, 500 MB left, needs 10 MB`,
    });
    expect(await fromWorker('dynamodb.UpdateItem')).toMatchObject({ name: 'InternalServerError' });
    await whenRoom();
    expect(await fromWorker('dynamodb.UpdateItem')).toBe(200);
  });

  it('shows a full disk also where a part of the runtime meets it first, at once', async () => {
    freeMegabytes = 500;
    problems.report({ what: 'Kinesis files', why: 'IO error: No space left on device', do: 'It tries again.' });
    expect(lines).toEqual([
      `disk full: ${folder}, 500 MB left, needs 10 MB. Free some: writes are refused until then, and what was accepted is kept.`,
    ]);
    expect(await fromWorker('dynamodb.UpdateItem')).toMatchObject({ name: 'InternalServerError' });
    await until(async () => {
      await clock.advance(1_000);
      return lines.length > 1;
    });
    expect(lines).toEqual([expect.any(String), `The disk has room again: ${folder}, 500 MB left. Everything goes on.`]);
  });

  it('is any other error as before', async () => {
    const other = new Error('EIO: i/o error, write');
    expect(await call('kinesis.PutRecord', '', 'local', () => Promise.reject(other))).toBe(other);
    const answer = { ...answered, statusCode: 500, body: Buffer.from('{"message":"it failed"}') };
    expect(await call('kinesis.PutRecord', '', 'local', async () => answer)).toBe(500);
    expect(problems.list).toEqual([]);
  });
});

it('is told before a start', () => {
  expect(lackOfSpace('/data', () => 9e6)).toBe('disk full: /data, 9 MB left, needs 10 MB');
  expect(lackOfSpace('/data', () => 10e6)).toBeUndefined();
  expect(lackOfSpace(tmpdir())).toBeUndefined();
});
