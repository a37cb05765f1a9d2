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
import type { Difference, ReconcileReport } from '../../src/recovery/reconcile-report.ts';
import { type Crash, notice, RecoveryWorld, tweet } from './recovery-world.ts';

let world: RecoveryWorld;
let serial = 0;
/** Of this test alone: a beginning of ids and hashtags. */
let own: string;
beforeAll(async () => {
  world = await RecoveryWorld.start();
}, 60_000);
afterAll(() => world?.stop());
beforeEach(() => {
  serial += 1;
  own = `r${serial}`;
});

/** Of each call before and after its effect, every fifteenth; RECOVERY_CRASHES=all takes all of them. */
const everyCrash = process.env.RECOVERY_CRASHES === 'all' ? 1 : 15;

/** Waits for what must be polled, not for what is only allowed for. */
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
  const on = world.surroundings(crash);
  try {
    const report = await reconcile({ ...on, clock }, { apply, stop, onProgress() {} });
    return { ...report, crashed: on.crashed() };
  } finally {
    on.end();
  }
}

/** The difference of a hashtag of this test, without what the case does not look at. */
function found({ differences }: ReconcileReport, name = ''): Partial<Difference> | undefined {
  return differences.find(({ hashtag }) => hashtag === own + name);
}

async function damage(name: string, htCount: AttributeValue): Promise<void> {
  const counter = await world.item(world.app.outputs.HashtagTableName, { hashtag: own + name });
  await world.putItem(world.app.outputs.HashtagTableName, {
    hashtag: { S: own + name },
    htCount,
    ...Object.fromEntries(
      ['updatedAt', 's0'].flatMap((key) => (counter?.[key] === undefined ? [] : [[key, { S: String(counter[key]) }]])),
    ),
  });
}

async function putObject(Key: string, Body: string | Uint8Array): Promise<void> {
  await world.app.clients.s3.send(new PutObjectCommand({ Bucket: world.app.outputs.ArchiveBucketName, Key, Body }));
}

describe('reconcile', () => {
  it('finds nothing to say about a stack that nobody broke, also of deleted tweets', async () => {
    await world.put(
      tweet('1', `${own}a`),
      tweet('2', `${own}a`, `${own}b`),
      notice('2'),
      tweet('2', `${own}a`),
      Buffer.from('x'),
    );
    await world.app.settled();
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
    await world.put(
      tweet(`${own}1`, ...names.map((name) => own + name)),
      tweet(`${own}2`, ...names.map((name) => own + name)),
      notice(`${own}2`),
    );
    await world.app.settled();
    await damage('high', { N: '99' });
    await damage('low', { N: '1' });
    await damage('damaged', { S: 'many' });
    await world.app.clients.dynamodb.send(
      new DeleteItemCommand({ TableName: world.app.outputs.HashtagTableName, Key: { hashtag: { S: `${own}gone` } } }),
    );

    const shown = await run();
    expect(found(shown, 'high')).toMatchObject({ count: 99, expected: 2, status: 'high' });
    expect(found(shown, 'low')).toMatchObject({ count: 1, expected: 2, status: 'low' });
    expect(found(shown, 'damaged')).toMatchObject({ count: null, expected: 2, status: 'damaged' });
    // Its watermarks are gone with it: the two tweets look like ones that are stored and still to be counted.
    expect(found(shown, 'gone')).toBeUndefined();
    await expect(run({ apply: true })).rejects.toMatchObject({
      isRefusal: true,
      message: expect.stringContaining('not stopped'),
    });
    for (const name of ['high', 'low']) expect(await world.count(own + name)).not.toBe(2);

    const repaired = await run({ apply: true, stop: true });
    expect(repaired).toMatchObject({
      applied: true,
      drained: true,
      statuses: { repaired: 4, unproved: 0, 'in-doubt': 0 },
    });
    expect(await world.pipeState()).toBe('RUNNING');
    for (const name of names) expect([name, await world.count(own + name)]).toEqual([name, 2]);
    expect(await run()).toMatchObject({ differences: [] });
    await world.put(tweet(`${own}3`, `${own}gone`));
    await world.app.settled();
    expect(await world.count(`${own}gone`)).toBe(3);
    const { deletions } = await world.app.stores();
    expect([...deletions.keys()].filter((id) => id.startsWith('drain-'))).toEqual([]);
  });

  it('raises counters by what is on the out-of-order list, and names what left no tweet', async () => {
    const [first = '', second = '', third = ''] = await world.put({}, tweet(`${own}late`, own), tweet(`${own}1`, own));
    await world.app.settled();
    // As if the order had been broken: stored, reported and not counted.
    await damage('', { N: '1' });
    for (const record of [first, second])
      await putObject(`quarantine/out-of-order/${shardOf(record)}/${sequenceOf(record)}.json`, '{}');
    expect(third > second).toBe(true);
    expect(found(await run())).toMatchObject({ count: 1, expected: 2, status: 'low', outOfOrder: 1 });
    const report = await run({ apply: true, stop: true });
    expect(found(report)).toMatchObject({ status: 'repaired' });
    expect(report.outOfOrderWithoutTweet).toBe(1);
    expect(await world.count(own)).toBe(2);
  });

  it('leaves alone what the workflow will still count, until it has', async () => {
    await world.stopIngest();
    const [record = ''] = await world.put(tweet(`${own}1`, own, `${own}b`));
    // A crash between storing and counting, before the pipe delivers the record again.
    await world.putItem(world.app.outputs.TweetTableName, {
      id: { S: `${own}1` },
      record: { S: record },
      hashtags: { L: [{ S: own }, { S: `${own}b` }] },
    });
    await damage('', { N: '5' });
    const report = await run({ apply: true });
    expect(found(report)).toMatchObject({ count: 5, expected: 0, pending: 1, status: 'in-doubt' });
    expect(found(report, 'b')).toBeUndefined();
    expect(await world.count(own)).toBe(5);
    await world.startIngest();
    expect(found(await run({ apply: true, stop: true }))).toMatchObject({ count: 6, expected: 1, status: 'repaired' });
    expect(await world.count(`${own}b`)).toBe(1);
  });

  it('repairs nothing while pointers wait to be redriven', async () => {
    await world.stopIngest();
    const [record = ''] = await world.put(tweet(own, own));
    await world.pointTo(record);
    await expect(run({ apply: true })).rejects.toMatchObject({
      isRefusal: true,
      message: expect.stringContaining('redrive'),
    });
    await world.purge();
    await world.startIngest();
    await world.app.settled();
  });

  it('does not write a counter that changed since it was compared', async () => {
    await world.put(tweet(own, own));
    await world.app.settled();
    await damage('', { N: '7' });
    await world.stopIngest();
    const clock: Clock = {
      now: hurried.now,
      async sleep() {
        await damage('', { N: '8' });
      },
    };
    expect(found(await run({ apply: true, clock }))).toMatchObject({ count: 7, expected: 1, status: 'moved' });
    expect(await world.count(own)).toBe(8);
    expect(found(await run({ apply: true }))).toMatchObject({ count: 8, expected: 1, status: 'repaired' });
    await world.startIngest();
  });

  it('finds a tweet that was removed and is not in the archive yet', async () => {
    await world.put(tweet(own, own));
    await world.app.settled();
    await damage('', { N: '4' });
    await world.whileFailing(
      (call) => call.service === 'lambda',
      async () => {
        await world.put(notice(own));
        await world.app.settled();
      },
    );
    const report = await run();
    expect(report.evidence.removedLately).toBe(1);
    expect(report.gaps).toEqual([expect.stringContaining('has given removals up')]);
    expect(found(report)).toMatchObject({ count: 4, expected: 1, status: 'unproved' });
    const on = world.surroundings();
    const { redrive } = await import('../../src/recovery/redrive.ts');
    await redrive(on, {
      stop: false,
      dryRun: false,
      dismissExpired: false,
      reading: { hiddenSeconds: 1, waitSeconds: 0 },
      onProgress() {},
    });
    on.end();
    await world.app.settled();
    expect(found(await run({ apply: true, stop: true }))).toMatchObject({ count: 4, expected: 1, status: 'repaired' });
  });

  it('says what it cannot prove, and leaves that alone', async () => {
    await world.put(tweet(own, `${own}high`, `${own}low`));
    await world.app.settled();
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
    const { s3 } = world.app.clients;
    const Bucket = world.app.outputs.ArchiveBucketName;
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'x', Status: 'Enabled', Filter: { Prefix: 'deleted/' }, Expiration: { Days: 30 } }],
        },
      }),
    );
    const later: Clock = { now: () => systemClock.now() + 31 * 86_400_000, sleep: hurried.sleep };
    await world.stopIngest();
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
    expect(await world.count(`${own}high`)).toBe(3);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    for (const key of [Key, 'errors/tweets/x/2026/01/01/00/by-hand'])
      await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    await world.startIngest();
    await run({ apply: true, stop: true });
  });

  it('is repaired by a repetition wherever it crashed before', async () => {
    await world.put(tweet(own, `${own}a`, `${own}b`));
    await world.app.settled();
    await world.stopIngest();
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
      expect([point, await world.count(`${own}a`), await world.count(`${own}b`)]).toEqual([point, 1, 1]);
    }
    await world.startIngest();
  }, 200_000);

  it('knows tweets that came past the stream from those that it lost', async () => {
    await world.putItem(world.app.outputs.TweetTableName, {
      id: { S: own },
      record: { S: 'by hand' },
      hashtags: { L: [{ S: own }] },
    });
    expect(await run()).toMatchObject({ unattributed: 1, differences: [] });
  });
});
