import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventIdOf, formatPosition, sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import type { Call } from '@tweet-pipes/local-aws';
import { redrive } from '../../src/recovery/redrive.ts';
import type { RedriveReport } from '../../src/recovery/redrive-report.ts';
import { CrashScenario } from './crash-scenario.ts';
import { notice, RecoveryWorld, tweet } from './recovery-world.ts';

let world: RecoveryWorld;
let serial = 0;
/** Of this test alone, also as a hashtag. */
let own: string;
beforeAll(async () => {
  world = await RecoveryWorld.start();
}, 60_000);
afterAll(() => world?.stop());
beforeEach(() => {
  serial += 1;
  own = `t${serial}`;
});

/**
 * Of some sixty calls, each before and after its effect, every seventeenth; RECOVERY_CRASHES=all takes three minutes
 * for all of them.
 */
const everyCrash = process.env.RECOVERY_CRASHES === 'all' ? 1 : 17;
const reading = { hiddenSeconds: 1, waitSeconds: 0 };

const options = { stop: false, dryRun: false, dismissExpired: false, reading, onProgress() {} };

async function run(flags: Partial<typeof options> = {}): Promise<RedriveReport> {
  const on = world.surroundings();
  try {
    return await redrive(on, { ...options, ...flags });
  } finally {
    on.end();
  }
}

const isExecution = (call: Call) => call.operation === 'StartSyncExecution';

describe('with the pipe running, redrive', () => {
  it('finds empty queues and needs no stop', async () => {
    const report = await run();
    expect(report).toMatchObject({ ingest: { messages: 0 }, archives: [{ messages: 0 }, { messages: 0 }] });
    expect(await world.pipeState()).toBe('RUNNING');
  });

  it('stores and counts what an outage of the workflow left to the queue, in the order of the stream', async () => {
    const records = await world.whileFailing(isExecution, async () => {
      const put = await world.put(
        tweet(`${own}a`, own),
        tweet(`${own}b`, own, 'Éclair'),
        tweet(`${own}a`, own),
        notice(`${own}b`),
        Buffer.from('no json'),
      );
      await world.app.settled();
      return put;
    });
    expect(await world.count(own)).toBeUndefined();
    await expect(run()).rejects.toMatchObject({
      isRefusal: true,
      message: expect.stringContaining('aws pipes stop-pipe'),
    });

    const planned = await run({ dryRun: true });
    expect(planned.ingest).toMatchObject({ messages: 5, removed: 0, outcomes: { deleted: 1, quarantined: 1 } });
    expect(await world.count(own)).toBeUndefined();

    const report = await run({ stop: true });
    expect(report.ingest).toMatchObject({
      messages: 5,
      removed: 5,
      keptCount: 0,
      expired: 0,
      outcomes: { stored: 2, duplicate: 1, deleted: 1, quarantined: 1, unproved: 0 },
    });
    expect(await world.pipeState()).toBe('RUNNING');
    expect(await world.count(own)).toBe(2);
    expect(await world.count('éclair')).toBe(1);
    expect(await world.tweet(`${own}a`)).toMatchObject({
      text: `tweet ${own}a`,
      hashtags: [own],
      record: `redrive:${records[0]}`,
    });
    expect(await world.tweet(`${own}b`)).toBeUndefined();
    expect(await world.listing(`${own}b`)).toMatchObject({ record: records[3], tweetRecord: `redrive:${records[1]}` });
    expect(await world.object(records[4] ?? '')).toMatchObject({
      reason: 'not-an-object',
      event_id: eventIdOf(records[4] ?? ''),
    });
    expect((await run()).ingest.messages).toBe(0);

    // What comes after it is counted as ever, and its own redelivery is not.
    await world.put(tweet(`${own}c`, own));
    await world.app.settled();
    expect(await world.count(own)).toBe(3);
  });

  it('puts what is too large for a workflow into quarantine, and good neighbours were not harmed', async () => {
    const large = { ...tweet(own, own), filler: 'x'.repeat(300_000) };
    const [, record = ''] = await world.put(tweet(`${own}a`, own), large, tweet(`${own}b`, own));
    await world.app.settled();
    expect(await world.count(own)).toBe(2);
    const report = await run({ stop: true });
    expect(report.ingest).toMatchObject({ removed: 1, outcomes: { quarantined: 1 } });
    expect(report.ingest.named).toMatchObject([
      { record, detail: expect.stringMatching(/^too-large: \d+ characters/) },
    ]);
    expect(await world.object(record)).toMatchObject({ reason: expect.stringContaining('too-large'), data: large });
    expect(await world.tweet(own)).toBeUndefined();
  });

  it('counts what was stored and not counted when the attempts ran out, where the watermark proves it', async () => {
    const isCount = (call: Call) => call.operation === 'UpdateItem' && call.request.body.includes(`"${own}`);
    const [record = ''] = await world.whileFailing(isCount, async () => {
      const put = await world.put(tweet(own, own, `${own}later`));
      await world.app.settled();
      return put;
    });
    expect(await world.tweet(own)).toMatchObject({ record });
    // A later record of the shard takes the watermark of one of the two past it.
    await world.put(tweet(`${own}b`, `${own}later`));
    await world.app.settled();
    // As if it had been given up long ago: no execution can still be counting it.
    world.notes.length = 0;
    const longAgo = await run({ dryRun: true });
    expect(longAgo.ingest.outcomes).toMatchObject({ unproved: 1 });
    await world.stopIngest();
    await world.pointTo(record);
    const on = { ...world.surroundings(), clock: { now: () => Date.now() + 3_600_000, sleep: async () => {} } };
    const report = await redrive(on, { ...options, stop: true });
    on.end();
    expect(report.ingest).toMatchObject({ messages: 2, removed: 2, outcomes: { unproved: 2, counted: 0 } });
    expect(await world.count(own)).toBe(1);
    expect(await world.count(`${own}later`)).toBe(1);
    expect(await world.tweet(own)).toMatchObject({ record: `redrive:${record}` });
    expect(await world.object(record, 'quarantine/unproved/')).toMatchObject({
      unproved: [`${own}later`],
      event_id: eventIdOf(record),
    });
  });

  it('delivers removals again that the archive could not take', async () => {
    const isFlatten = (call: Call) => call.service === 'lambda';
    await world.put(tweet(own, own));
    await world.app.settled();
    await world.whileFailing(isFlatten, async () => {
      await world.put(notice(own));
      await world.app.settled();
    });
    const rows = async () => [...(await world.app.stores()).archive.values()].filter(({ id }) => id === own);
    expect(await rows()).toEqual([]);
    // The local stream forgets what its pipe is done with, but not this.
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    expect((await run({ dryRun: true })).archives).toMatchObject([
      { messages: 1, removed: 0, rows: 1 },
      { messages: 0 },
    ]);
    const report = await run();
    expect(report.archives).toMatchObject([{ messages: 1, removed: 1, rows: 1, keptCount: 0 }, { messages: 0 }]);
    await world.app.settled();
    expect(await rows()).toMatchObject([{ id: own, hashtags: [own], cause: 'user' }]);
    expect((await run()).archives).toMatchObject([{ messages: 0 }, { messages: 0 }]);
  });
});

describe('with the pipe stopped, redrive', () => {
  beforeAll(() => world.stopIngest());

  it('names what has left the stream, keeps its pointer, and lets it go when told to', async () => {
    const [record = ''] = await world.put(tweet(own, own));
    const gone = formatPosition(shardOf(record), String(BigInt(sequenceOf(record)) - 1_000_000n));
    await world.pointTo(gone, { until: record });
    await world.pointTo(gone);
    await world.sendDeadLetter('{"not":"a pointer"}');
    const report = await run();
    expect(report.ingest).toMatchObject({ messages: 3, removed: 0, keptCount: 3, outcomes: { stored: 0 } });
    expect(report.ingest.kept.map(({ why }) => why).sort()).toEqual(['expired', 'expired', 'foreign']);
    expect(await run({ dismissExpired: true })).toMatchObject({ ingest: { messages: 3, removed: 2, keptCount: 1 } });
    expect(await run()).toMatchObject({ ingest: { messages: 1, keptCount: 1 } });
    await world.purge();
  });

  it('raises the mark of the shard before it deletes, for an execution that may still hold the tweet', async () => {
    const mark = async (record: string) =>
      (await world.item(world.app.outputs.ShardTableName, { shard: shardOf(record) }))?.storedUpTo;
    const [stored = '', deleting = ''] = await world.put(tweet(own, own), notice(own));
    await world.pointTo(deleting);
    expect((await run({ dryRun: true })).ingest.outcomes).toMatchObject({ deleted: 1 });
    expect(String((await mark(deleting)) ?? '') < stored).toBe(true);
    await world.whileFailing(
      (call) => call.operation === 'TransactWriteItems',
      () => run(),
    );
    expect(await mark(deleting)).toBe(deleting);
    expect(await world.listing(own)).toBeUndefined();
    await world.pointTo(stored);
    await run();
    expect(await mark(deleting)).toBe(deleting);
    expect(await world.listing(own)).toMatchObject({ record: deleting });
  });

  it('keeps the message of a record that cannot be settled now', async () => {
    const [record = ''] = await world.put(tweet(own, own));
    await world.pointTo(record);
    const report = await world.whileFailing(
      (call) => call.operation === 'TransactWriteItems',
      () => run(),
    );
    expect(report.ingest.kept).toContainEqual(
      expect.objectContaining({ why: 'failed', detail: expect.stringContaining('made to fail') }),
    );
    expect(await world.tweet(own)).toBeUndefined();
    expect((await run()).ingest.outcomes.stored).toBe(1);
    expect(await world.count(own)).toBe(1);
  });

  it.each([
    ['followed its notice', 0, '', 'dropped', undefined],
    ['was not there when its notice came', 2, '', 'stored', 1],
    ['was there by another record', 2, 'shardId-000000000000:0011', 'duplicate', undefined],
    ['was perhaps there', 2, undefined, 'unproved', undefined],
  ])('decides by the listing about a tweet that %s', async (_name, notices, tweetRecord, outcome, count) => {
    const records = await world.put(notice(own), tweet(own, own), notice(own));
    await world.putItem(world.app.outputs.DeletionTableName, {
      id: { S: own },
      record: { S: records[notices] ?? '' },
      ...(tweetRecord === undefined ? {} : { tweetRecord: { S: tweetRecord } }),
    });
    await world.pointTo(records[1] ?? '');
    expect((await run({ dryRun: true })).ingest.outcomes).toMatchObject({ [outcome]: 1 });
    expect((await run()).ingest).toMatchObject({ removed: 1, outcomes: { [outcome]: 1 } });
    expect(await world.count(own)).toBe(count);
    expect(await world.tweet(own)).toBeUndefined();
  });

  it('ends the same wherever it crashed before, and a redelivery by the pipe changes nothing', async () => {
    const scenarios: CrashScenario[] = [];
    for (let crash = 0, isOver = false; !isOver; crash += everyCrash) {
      const [call, when] = [Math.floor(crash / 2) + 1, crash % 2 === 0 ? 'before' : 'after'] as const;
      const scenario = await CrashScenario.prepare(world, `${own}-${call}-${when}-`);
      scenarios.push(scenario);
      const on = world.surroundings({ call, when });
      await redrive(on, options).catch(() => {});
      on.end();
      // That round made all of its calls.
      isOver = !on.crashed();
      const report = await run();
      expect({ call, when, kept: report.ingest.kept }).toEqual({ call, when, kept: [] });
      expect(await scenario.found()).toEqual(scenario.expected);
      expect((await run()).ingest.messages).toBe(0);
    }
    // Every record of them is still before the pipe, which was stopped: as if its checkpoint had been lost.
    await world.startIngest();
    await world.app.settled(120);
    for (const scenario of scenarios) expect(await scenario.found()).toEqual(scenario.expected);
  }, 400_000);
});
