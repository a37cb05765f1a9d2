import { gzipSync } from 'node:zlib';
import { type AttributeValue, DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import { reconcile } from '../../src/recovery/reconcile.ts';
import type { CounterDifference, ReconcileReport } from '../../src/recovery/reconcile-report.ts';
import { type Crash, notice, RecoveryFixture, tweet } from './recovery-fixture.ts';

let fixture: RecoveryFixture;
let serial = 0;
/** Of this test alone: a beginning of ids and hashtags. */
let own: string;
beforeAll(async () => {
  fixture = await RecoveryFixture.start();
});
afterAll(() => fixture?.stop());
beforeEach(() => {
  serial += 1;
  own = `r${serial}`;
});

/** Every fifteenth crash point, where a call has two, before and after its effect; RECOVERY_CRASHES=all takes all. */
const everyCrash = process.env.RECOVERY_CRASHES === 'all' ? 1 : 15;

/** Waits shortly between polls, and never for what a fixed time is given to. */
const hurried: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
};

interface Run {
  apply?: boolean;
  stop?: boolean;
  clock?: Clock;
  crash?: Crash;
}

async function run({
  apply = false,
  stop = false,
  clock = hurried,
  crash,
}: Run = {}): Promise<ReconcileReport & { crashed: boolean }> {
  const context = fixture.context(crash);
  try {
    const report = await reconcile({ ...context, clock }, { apply, stop, onProgress() {} });
    return { ...report, crashed: context.crashed() };
  } finally {
    context.end();
  }
}

/** The difference of a hashtag of this test, without what the case does not look at. */
function found({ differences }: ReconcileReport, name = ''): Partial<CounterDifference> | undefined {
  return differences.find(({ hashtag }) => hashtag === own + name);
}

async function damage(name: string, htCount: AttributeValue): Promise<void> {
  const counter = await fixture.item(fixture.app.outputs.HashtagTableName, { hashtag: own + name });
  await fixture.putItem(fixture.app.outputs.HashtagTableName, {
    hashtag: { S: own + name },
    htCount,
    ...Object.fromEntries(
      ['updatedAt', 's0'].flatMap((key) => (counter?.[key] === undefined ? [] : [[key, { S: String(counter[key]) }]])),
    ),
  });
}

async function putObject(Key: string, Body: string | Uint8Array): Promise<void> {
  await fixture.app.clients.s3.send(new PutObjectCommand({ Bucket: fixture.app.outputs.ArchiveBucketName, Key, Body }));
}

describe('reconcile', () => {
  it('finds no difference in a healthy stack, also with deleted tweets', async () => {
    await fixture.put(
      tweet('1', `${own}a`),
      tweet('2', `${own}a`, `${own}b`),
      notice('2'),
      tweet('2', `${own}a`),
      Buffer.from('x'),
    );
    await fixture.app.settled();
    expect(await run()).toMatchObject({
      counters: 2,
      equal: 2,
      evidence: { stored: 1, archived: 1, removedLately: 0 },
      differences: [],
      gaps: [],
      unattributed: 0,
    });
  });

  it('repairs counters that were damaged by hand, and the workflow goes on from there', async () => {
    const names = ['high', 'low', 'damaged', 'gone'];
    await fixture.put(
      tweet(`${own}1`, ...names.map((name) => own + name)),
      tweet(`${own}2`, ...names.map((name) => own + name)),
      notice(`${own}2`),
    );
    await fixture.app.settled();
    await damage('high', { N: '99' });
    await damage('low', { N: '1' });
    await damage('damaged', { S: 'many' });
    await fixture.app.clients.dynamodb.send(
      new DeleteItemCommand({ TableName: fixture.app.outputs.HashtagTableName, Key: { hashtag: { S: `${own}gone` } } }),
    );

    const shown = await run();
    expect(found(shown, 'high')).toMatchObject({ count: 99, expected: 2, status: 'high' });
    expect(found(shown, 'low')).toMatchObject({ count: 1, expected: 2, status: 'low' });
    expect(found(shown, 'damaged')).toMatchObject({ count: null, expected: 2, status: 'damaged' });
    // Its high-water marks are gone with it: the two tweets look as if they were stored and still to be counted.
    expect(found(shown, 'gone')).toBeUndefined();
    await expect(run({ apply: true })).rejects.toMatchObject({
      isRefusal: true,
      message: expect.stringContaining('not stopped'),
    });
    for (const name of ['high', 'low']) expect(await fixture.count(own + name)).not.toBe(2);

    const repaired = await run({ apply: true, stop: true });
    expect(repaired).toMatchObject({
      applied: true,
      drained: true,
      statuses: { repaired: 4, unproved: 0, 'in-doubt': 0 },
    });
    expect(await fixture.pipeState()).toBe('RUNNING');
    for (const name of names) expect([name, await fixture.count(own + name)]).toEqual([name, 2]);
    expect(await run()).toMatchObject({ differences: [] });
    await fixture.put(tweet(`${own}3`, `${own}gone`));
    await fixture.app.settled();
    expect(await fixture.count(`${own}gone`)).toBe(3);
    const { deletions } = await fixture.app.stores();
    expect([...deletions.keys()].filter((id) => id.startsWith('drain-'))).toEqual([]);
  });

  it('repairs a counter with several items: the first gets the count, and all keep their marks', async () => {
    const table = fixture.app.outputs.HashtagTableName;
    await fixture.put(tweet(`${own}1`, own), tweet(`${own}2`, own));
    await fixture.app.settled();
    const updatedAt = { S: '2026-01-01T00:00:00.000Z' };
    await fixture.putItem(table, {
      hashtag: { S: `${own}#ITEM7` },
      htCount: { N: '40' },
      updatedAt,
      s7: { S: '0011' },
    });
    expect(found(await run())).toMatchObject({ count: 42, expected: 2, status: 'high' });

    expect(await run({ apply: true, stop: true })).toMatchObject({ statuses: { repaired: 1 } });
    expect(await fixture.item(table, { hashtag: own })).toMatchObject({ htCount: 2, s0: expect.any(String) });
    expect(await fixture.item(table, { hashtag: `${own}#ITEM7` })).toMatchObject({ htCount: 0, s7: '0011' });
    expect(await run()).toMatchObject({ differences: [] });
  });

  it('advances a mark on the item on which its shard counts, whatever others have it from before', async () => {
    const table = fixture.app.outputs.HashtagTableName;
    await fixture.put(tweet(`${own}1`, own), tweet(`${own}2`, own));
    await fixture.app.settled();
    await fixture.app.clients.dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { hashtag: { S: own } } }));
    // Of a shard whose item in the table of shards had expired, and which then began with another.
    await fixture.putItem(table, { hashtag: { S: `${own}#ITEM7` }, htCount: { N: '0' }, s0: { S: '0011' } });

    expect(await run({ apply: true, stop: true })).toMatchObject({ statuses: { repaired: 1 } });
    expect(await fixture.item(table, { hashtag: own })).toMatchObject({ htCount: 2, s0: expect.any(String) });
    expect(await fixture.item(table, { hashtag: `${own}#ITEM7` })).toMatchObject({ htCount: 0, s0: '0011' });
    expect(await run()).toMatchObject({ differences: [] });
  });

  it('adds what is on the out-of-order list to counters, and reports what left no tweet', async () => {
    const [first = '', second = '', third = ''] = await fixture.put(
      {},
      tweet(`${own}late`, own),
      tweet(`${own}1`, own),
    );
    await fixture.app.settled();
    // As if the order had been broken: stored, reported and not counted.
    await damage('', { N: '1' });
    for (const record of [first, second])
      await putObject(`quarantine/out-of-order/${shardOf(record)}/${sequenceOf(record)}.json`, '{}');
    expect(third > second).toBe(true);
    expect(found(await run())).toMatchObject({ count: 1, expected: 2, status: 'low', outOfOrder: 1 });
    const report = await run({ apply: true, stop: true });
    expect(found(report)).toMatchObject({ status: 'repaired' });
    expect(report.outOfOrderWithoutTweet).toBe(1);
    expect(await fixture.count(own)).toBe(2);
  });

  it('leaves alone what the workflow will still count, until it has', async () => {
    await fixture.stopIngest();
    const [record = ''] = await fixture.put(tweet(`${own}1`, own, `${own}b`));
    // A crash between storing and counting, before the pipe delivers the record again.
    await fixture.putItem(fixture.app.outputs.TweetTableName, {
      id: { S: `${own}1` },
      record: { S: record },
      hashtags: { L: [{ S: own }, { S: `${own}b` }] },
    });
    await damage('', { N: '5' });
    const report = await run({ apply: true });
    expect(found(report)).toMatchObject({ count: 5, expected: 0, pending: 1, status: 'in-doubt' });
    expect(found(report, 'b')).toBeUndefined();
    expect(await fixture.count(own)).toBe(5);
    await fixture.startIngest();
    expect(found(await run({ apply: true, stop: true }))).toMatchObject({ count: 6, expected: 1, status: 'repaired' });
    expect(await fixture.count(`${own}b`)).toBe(1);
  });

  it('repairs nothing while dead letters wait to be redriven', async () => {
    await fixture.stopIngest();
    const [record = ''] = await fixture.put(tweet(own, own));
    await fixture.pointTo(record);
    await expect(run({ apply: true })).rejects.toMatchObject({
      isRefusal: true,
      message: expect.stringContaining('redrive'),
    });
    await fixture.purge();
    await fixture.startIngest();
    await fixture.app.settled();
  });

  it('does not write a counter that changed since it was compared', async () => {
    await fixture.put(tweet(own, own));
    await fixture.app.settled();
    await damage('', { N: '7' });
    await fixture.stopIngest();
    const clock: Clock = {
      now: hurried.now,
      async sleep() {
        await damage('', { N: '8' });
      },
    };
    expect(found(await run({ apply: true, clock }))).toMatchObject({ count: 7, expected: 1, status: 'moved' });
    expect(await fixture.count(own)).toBe(8);
    expect(found(await run({ apply: true }))).toMatchObject({ count: 8, expected: 1, status: 'repaired' });
    await fixture.startIngest();
  });

  it('finds a tweet that was removed and is not in the archive yet', async () => {
    await fixture.put(tweet(own, own));
    await fixture.app.settled();
    await damage('', { N: '4' });
    await fixture.whileFailing(
      (call) => call.service === 'lambda',
      async () => {
        await fixture.put(notice(own));
        await fixture.app.settled();
      },
    );
    const report = await run();
    expect(report.evidence.removedLately).toBe(1);
    expect(report.gaps).toEqual([expect.stringContaining('has given removals up')]);
    expect(found(report)).toMatchObject({ count: 4, expected: 1, status: 'unproved' });
    const context = fixture.context();
    const { redrive } = await import('../../src/recovery/redrive.ts');
    await redrive(
      context,
      { core: fixture.app.outputs, others: [] },
      {
        stop: false,
        dryRun: false,
        dismissExpired: false,
        reading: { hiddenSeconds: 1, waitSeconds: 0 },
        onProgress() {},
      },
    );
    context.end();
    await fixture.app.settled();
    expect(found(await run({ apply: true, stop: true }))).toMatchObject({ count: 4, expected: 1, status: 'repaired' });
  });

  it('says what it cannot prove, and leaves that alone', async () => {
    await fixture.put(tweet(own, `${own}high`, `${own}low`));
    await fixture.app.settled();
    await damage('high', { N: '3' });
    await damage('low', { N: '0' });
    const row = { table: 'tweets', id: 'k', record: 'shardId-000000000000:0011' };
    const Key = 'deleted/tweets/2026/01/01/00/by-hand.jsonl.gz';
    await putObject(
      Key,
      gzipSync(
        `${JSON.stringify(row)}\nno row\n${JSON.stringify({ ...row, id: 'w', row_gzip: gzipSync(JSON.stringify({ ...row, id: 'w', hashtags: [`${own}zipped`] })).toString('base64') })}\n`,
      ),
    );
    await putObject('errors/tweets/x/2026/01/01/00/by-hand', 'x');
    const { s3 } = fixture.app.clients;
    const Bucket = fixture.app.outputs.ArchiveBucketName;
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'x', Status: 'Enabled', Filter: { Prefix: 'deleted/' }, Expiration: { Days: 30 } }],
        },
      }),
    );
    const later: Clock = { now: () => systemClock.now() + 31 * 86_400_000, sleep: hurried.sleep };
    await fixture.stopIngest();
    const report = await run({ apply: true, clock: later });
    expect(report.gaps).toEqual([
      expect.stringContaining('expire after 30 days'),
      expect.stringContaining('1 archive rows have no hashtags'),
      expect.stringContaining('1 archive rows cannot be read'),
      expect.stringContaining('errors/tweets/'),
    ]);
    expect(found(report, 'high')).toMatchObject({ status: 'unproved' });
    expect(found(report, 'low')).toMatchObject({ status: 'repaired' });
    expect(found(report, 'zipped')).toMatchObject({ count: 0, expected: 1, status: 'repaired' });
    expect(await fixture.count(`${own}high`)).toBe(3);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    for (const key of [Key, 'errors/tweets/x/2026/01/01/00/by-hand'])
      await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    await fixture.startIngest();
    await run({ apply: true, stop: true });
  });

  it('is repaired by a second run wherever the first one crashed', async () => {
    await fixture.put(tweet(own, `${own}a`, `${own}b`));
    await fixture.app.settled();
    await fixture.stopIngest();
    for (let crash = 0, isOver = false; !isOver; crash += everyCrash) {
      await damage('a', { N: '9' });
      await damage('b', { N: '0' });
      const point = {
        call: Math.floor(crash / 2) + 1,
        when: crash % 2 === 0 ? ('before' as const) : ('after' as const),
      };
      isOver = await run({ apply: true, crash: point }).then(
        ({ crashed }) => !crashed,
        () => false,
      );
      await run({ apply: true });
      expect([point, await fixture.count(`${own}a`), await fixture.count(`${own}b`)]).toEqual([point, 1, 1]);
    }
    await fixture.startIngest();
  }, 200_000);

  it('knows tweets that were written directly to the table from those that it lost', async () => {
    await fixture.putItem(fixture.app.outputs.TweetTableName, {
      id: { S: own },
      record: { S: 'by hand' },
      hashtags: { L: [{ S: own }] },
    });
    expect(await run()).toMatchObject({ unattributed: 1, differences: [] });
  });
});
