import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { until } from '../../../kit/test/until.ts';
import { KinesisStore } from '../../src/engines/kinesis-store.ts';
import { Problems } from '../../src/problems.ts';

let path: string;
let clock: ManualClock;
let lines: string[];
let problems: Problems;
let store: KinesisStore;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'kinesis-'));
  clock = new ManualClock();
  lines = [];
  problems = new Problems((line) => lines.push(line));
  store = await KinesisStore.open({ path, region: 'us-east-1', accountId: '000000000000', clock, problems });
});
afterEach(async () => {
  await store.close();
  await rm(path, { recursive: true });
});

/** As levelup gives it. */
const full = Object.assign(new Error(`IO error: /data/kinesis/000006.log: No space left on device`), {
  name: 'WriteError',
});
const refused = { name: 'ServiceUnavailable', statusCode: 503 };
const record = { PartitionKey: 'k', Data: 'ZGF0YQ==', ApproximateArrivalTimestamp: 1 };
const write = (key: string) => store.use(() => store.store.getStreamDb('s').put(key, record));
const read = (key: string) => store.use(() => store.store.getStreamDb('s').get(key));

describe('a Kinesis store of which a write failed', () => {
  it('refuses every call until its files are open again, with all that was written before', async () => {
    await write('a');
    await expect(store.use(() => Promise.reject(full))).rejects.toMatchObject({ ...refused, cause: full });
    await expect(write('b')).rejects.toMatchObject(refused);
    await expect(read('a')).rejects.toMatchObject(refused);
    expect(problems.list).toMatchObject([{ what: 'Kinesis files', why: expect.stringContaining(full.message) }]);
    await until(() => clock.sleeping > 0);
    await clock.advance(1_000);
    await until(() => problems.list.length === 0);
    expect(await read('a')).toEqual(record);
    await write('b');
    expect(await read('b')).toEqual(record);
    expect(lines).toEqual([
      `Kinesis files: ${path} cannot be written: ${full.message}. They are opened again until they can. Nothing is lost.`,
      'Kinesis files: works again.',
    ]);
  });

  it('acknowledges no write that ends after the failed one, since it may be behind the torn one in the log', async () => {
    const ends = Promise.withResolvers<void>();
    const later = store.use(async () => {
      await ends.promise;
      return 'written';
    });
    await expect(store.use(() => Promise.reject(full))).rejects.toMatchObject(refused);
    ends.resolve();
    await expect(later).rejects.toMatchObject(refused);
  });

  it('can be closed meanwhile', async () => {
    await expect(store.use(() => Promise.reject(full))).rejects.toMatchObject(refused);
    await store.close();
    await expect(write('a')).rejects.toThrow();
  });

  it('passes on any other error', async () => {
    const other = new Error('no such stream');
    await expect(store.use(() => Promise.reject(other))).rejects.toBe(other);
    await write('a');
    expect(problems.list).toEqual([]);
  });
});
