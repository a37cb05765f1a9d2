import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tweet-pipes/kit/clock';
import { checkData } from '../../src/checkup/data-check.ts';
import { repairData } from '../../src/checkup/repair.ts';
import { Journal } from '../../src/firehose/journal.ts';
import { Checkpoint } from '../../src/pipes/checkpoint.ts';
import { startTestEndpoint } from '../gateway/test-endpoint.ts';
import { bucket, counts, damageCases, makeData, streamName, tableName } from './damage-cases.ts';

const NOW_MS = Date.parse('2026-03-01T10:20:30Z');

let intact: string;
let folder: string;
beforeAll(async () => {
  intact = await makeData();
});
afterAll(() => rm(intact, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repair-'));
  await cp(intact, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function repair() {
  return repairData(folder, await checkData(folder, { thorough: true }), NOW_MS);
}

/** What the engines answer on the data. What they do not know any more counts as nothing. */
async function readBack(): Promise<typeof counts> {
  const aws = await startTestEndpoint({ dataFolder: folder });
  const { kinesis, dynamodb, s3 } = aws.ownClients;
  try {
    const records = await countRecords(kinesis.send.bind(kinesis)).catch(ifMissing);
    const items = (await dynamodb.send(new ScanCommand({ TableName: tableName })).catch(ifMissing)) || { Count: 0 };
    const objects = (await s3.send(new ListObjectsV2Command({ Bucket: bucket })).catch(ifMissing)) || { KeyCount: 0 };
    const journal = await Journal.recover(join(folder, 'firehose', 'archive', '00000001.journal'), systemClock);
    await journal?.close();
    return { records, items: items.Count ?? 0, objects: objects.KeyCount ?? 0, journaled: journal?.records ?? 0 };
  } finally {
    await aws.stop();
  }
}

async function countRecords(send: Awaited<ReturnType<typeof startTestEndpoint>>['clients']['kinesis']['send']) {
  const start = { StreamName: streamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await send(new GetShardIteratorCommand(start));
  for (let records = 0; ; ) {
    const { Records = [], NextShardIterator } = await send(new GetRecordsCommand({ ShardIterator }));
    records += Records.length;
    if (Records.length === 0) return records;
    ShardIterator = NextShardIterator;
  }
}

function ifMissing(error: Error): 0 {
  if (/ResourceNotFound|NoSuchBucket/.test(error.name)) return 0;
  throw error;
}

describe('a repair', () => {
  it.each(damageCases)('keeps what can be read after $name', async ({ damage, keeps }) => {
    await damage(folder);
    const { repairs, movedTo } = await repair();
    expect(repairs).toHaveLength(1);
    expect(movedTo).toBe(join(folder, 'damaged', '2026-03-01T10-20-30-000Z'));
    expect((await checkData(folder, { thorough: true })).flatMap(({ damages }) => damages)).toEqual([]);
    const kept = await readBack();
    for (const what of ['records', 'items', 'objects', 'journaled'] as const) {
      expect([what, kept[what]]).toEqual([what, expect.any(Number)]);
      expect(kept[what]).toBeGreaterThanOrEqual(keeps[what] ?? counts[what]);
      if (keeps[what] !== undefined) expect(kept[what]).toBeLessThan(counts[what]);
    }
  });

  it('lets pipes read a Kinesis stream again when the tables are lost, and a table stream when some of it may be', async () => {
    await damageCases.find(({ name }) => name === 'a missing log of SQLite')?.damage(folder);
    await repair();
    const checkpoint = join(folder, 'pipes', 'ingest', 'checkpoint.json');
    expect(JSON.parse(await readFile(checkpoint, 'utf8')).sources).toHaveProperty('arn:aws:kinesis:s');
    await damageCases.find(({ name }) => name === 'an emptied SQLite file')?.damage(folder);
    const { movedTo } = await repair();
    expect(await readdir(movedTo)).toEqual(expect.arrayContaining(['dynamodb.sqlite', 'ingest-checkpoint.json']));
    await expect(readFile(checkpoint)).rejects.toThrow('ENOENT');
  });

  it('lets delivery streams read a Kinesis stream from its start that is new since all streams were lost', async () => {
    const checkpoint = join(folder, 'firehose', 'lake', 'checkpoint.json');
    const before = await Checkpoint.open(checkpoint, 'arn:aws:kinesis:s');
    await before.set([['shardId-000000000000', { at: 'after', sequenceNumber: '7' }]]);
    await damageCases.find(({ name }) => name === 'a missing folder of Kinesis')?.damage(folder);
    await repair();
    await expect(readFile(checkpoint)).rejects.toThrow('ENOENT');
  });
});
