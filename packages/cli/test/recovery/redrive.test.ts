import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventIdOf, formatPosition, sequenceOf, shardOf } from '@tweet-pipes/kit/position';
import type { Call } from '@tweet-pipes/local-aws';
import { until } from '../../../kit/test/until.ts';
import { redrive } from '../../src/recovery/redrive.ts';
import type { IngestReport, RedriveReport } from '../../src/recovery/redrive-report.ts';
import { CrashScenario } from './crash-scenario.ts';
import { notice, RecoveryFixture, tweet } from './recovery-fixture.ts';

let fixture: RecoveryFixture;
let serial = 0;
/** Of this test alone, also as a hashtag. */
let own: string;
beforeAll(async () => {
  fixture = await RecoveryFixture.start({ counterItem: 7 });
});
afterAll(() => fixture?.stop());
beforeEach(() => {
  serial += 1;
  own = `t${serial}`;
});

/**
 * Every seventeenth crash point of about 120: some sixty calls, each before and after its effect. RECOVERY_CRASHES=all
 * takes all, in three minutes.
 */
const everyCrash = process.env.RECOVERY_CRASHES === 'all' ? 1 : 17;
const reading = { hiddenSeconds: 1, waitSeconds: 0 };

const options = { stop: false, dryRun: false, dismissExpired: false, reading, onProgress() {} };

const pipes = () => ({ core: fixture.app.outputs, others: [] });

async function run(flags: Partial<typeof options> = {}): Promise<RedriveReport & { ingest: IngestReport }> {
  const context = fixture.context();
  try {
    const report = await redrive(context, pipes(), { ...options, ...flags });
    const { ingest } = report;
    if (ingest === null) throw new Error('Redrive did not follow the ingest pipe.');
    return { ...report, ingest };
  } finally {
    context.end();
  }
}

const isExecution = (call: Call) => call.operation === 'StartSyncExecution';

describe('with the pipe running, redrive', () => {
  it('finds empty queues and needs no stop', async () => {
    const report = await run();
    expect(report).toMatchObject({ ingest: { messages: 0 }, archives: [{ messages: 0 }, { messages: 0 }] });
    expect(await fixture.pipeState()).toBe('RUNNING');
  });

  it('follows the pipes of other stacks, where the pipeline is not deployed', async () => {
    const context = fixture.context();
    const others = [fixture.app.outputs.HashtagArchivePipeName];
    const report = await redrive(context, { core: undefined, others }, options);
    context.end();
    expect(report).toMatchObject({ ingest: null, archives: [], others: [{ pipe: others[0], messages: 0 }] });
  });

  it('stores and counts what an outage of the workflow left to the queue, in the order of the stream', async () => {
    const records = await fixture.whileFailing(isExecution, async () => {
      const put = await fixture.put(
        tweet(`${own}a`, own),
        tweet(`${own}b`, own, 'Éclair'),
        tweet(`${own}a`, own),
        notice(`${own}b`),
        Buffer.from('no json'),
      );
      await fixture.app.settled();
      return put;
    });
    expect(await fixture.count(own)).toBeUndefined();
    await expect(run()).rejects.toMatchObject({
      isRefusal: true,
      message: expect.stringContaining('aws pipes stop-pipe'),
    });

    const planned = await run({ dryRun: true });
    expect(planned.ingest).toMatchObject({ messages: 5, removed: 0, outcomes: { deleted: 1, quarantined: 1 } });
    expect(await fixture.count(own)).toBeUndefined();

    const report = await run({ stop: true });
    expect(report.ingest).toMatchObject({
      messages: 5,
      removed: 5,
      keptCount: 0,
      expired: 0,
      outcomes: { stored: 2, duplicate: 1, deleted: 1, quarantined: 1, unproved: 0 },
    });
    expect(await fixture.pipeState()).toBe('RUNNING');
    expect(await fixture.count(own)).toBe(2);
    expect(await fixture.count('éclair')).toBe(1);
    expect(await fixture.tweet(`${own}a`)).toMatchObject({
      text: `tweet ${own}a`,
      hashtags: [own],
      record: `redrive:${records[0]}`,
    });
    expect(await fixture.tweet(`${own}b`)).toBeUndefined();
    expect(await fixture.tombstone(`${own}b`)).toMatchObject({
      record: records[3],
      tweetRecord: `redrive:${records[1]}`,
    });
    expect(await fixture.object(records[4] ?? '')).toMatchObject({
      reason: 'not-an-object',
      event_id: eventIdOf(records[4] ?? ''),
    });
    expect((await run()).ingest.messages).toBe(0);

    // What comes after it is counted as ever, and its own redelivery is not.
    await fixture.put(tweet(`${own}c`, own));
    await fixture.app.settled();
    expect(await fixture.count(own)).toBe(3);
  });

  it('puts what is too large for a workflow into quarantine, and good neighbours were not harmed', async () => {
    const large = { ...tweet(own, own), filler: 'x'.repeat(300_000) };
    const [, record = ''] = await fixture.put(tweet(`${own}a`, own), large, tweet(`${own}b`, own));
    await fixture.app.settled();
    expect(await fixture.count(own)).toBe(2);
    const report = await run({ stop: true });
    expect(report.ingest).toMatchObject({ removed: 1, outcomes: { quarantined: 1 } });
    expect(report.ingest.named).toMatchObject([
      { record, detail: expect.stringMatching(/^too-large: \d+ characters/) },
    ]);
    expect(await fixture.object(record)).toMatchObject({ reason: expect.stringContaining('too-large'), data: large });
    expect(await fixture.tweet(own)).toBeUndefined();
  });

  it('counts what was stored and not counted when the attempts ran out, where the high-water mark proves it', async () => {
    const isCount = (call: Call) => call.operation === 'UpdateItem' && call.request.body.includes(`"${own}`);
    const [record = ''] = await fixture.whileFailing(isCount, async () => {
      const put = await fixture.put(tweet(own, own, `${own}later`));
      await fixture.app.settled();
      return put;
    });
    expect(await fixture.tweet(own)).toMatchObject({ record });
    // A later record of the shard advances the high-water mark of one of the two beyond it.
    await fixture.put(tweet(`${own}b`, `${own}later`));
    await fixture.app.settled();
    // As if it had been given up long ago: no execution can still be counting it.
    fixture.notes.length = 0;
    const longAgo = await run({ dryRun: true });
    expect(longAgo.ingest.outcomes).toMatchObject({ unproved: 1 });
    await fixture.stopIngest();
    await fixture.pointTo(record);
    const context = { ...fixture.context(), clock: { now: () => Date.now() + 3_600_000, sleep: async () => {} } };
    const report = await redrive(context, pipes(), { ...options, stop: true });
    context.end();
    expect(report.ingest).toMatchObject({ messages: 2, removed: 2, outcomes: { unproved: 2, counted: 0 } });
    expect(await fixture.count(own)).toBe(1);
    expect(await fixture.count(`${own}later`)).toBe(1);
    // Where the mark of its shard would be, so that the condition on the mark holds for an execution that runs on.
    expect(await fixture.item(fixture.app.outputs.HashtagTableName, { hashtag: `${own}#ITEM7` })).toMatchObject({
      htCount: 1,
    });
    expect(await fixture.tweet(own)).toMatchObject({ record: `redrive:${record}` });
    expect(await fixture.object(record, 'quarantine/unproved/')).toMatchObject({
      unproved: [`${own}later`],
      event_id: eventIdOf(record),
    });
  });

  it('delivers removals again that the archive could not take', async () => {
    const isFlatten = (call: Call) => call.service === 'lambda';
    await fixture.put(tweet(own, own));
    await fixture.app.settled();
    await fixture.whileFailing(isFlatten, async () => {
      await fixture.put(notice(own));
      await fixture.app.settled();
    });
    const rows = async () => [...(await fixture.app.stores()).archive.values()].filter(({ id }) => id === own);
    expect(await rows()).toEqual([]);
    // The local stream forgets what its pipe is done with, but neither this nor its newest record.
    await fixture.put(tweet(`${own}later`));
    await fixture.app.settled();
    fixture.clock.skip(10_000);
    await until(async () => !(await fixture.streamEvents(own)).includes('INSERT'), { everyMs: 20 });
    expect(await fixture.streamEvents(own)).toEqual(['REMOVE']);
    expect((await run({ dryRun: true })).archives).toMatchObject([
      { messages: 1, removed: 0, rows: 1 },
      { messages: 0 },
    ]);
    const report = await run();
    expect(report.archives).toMatchObject([{ messages: 1, removed: 1, rows: 1, keptCount: 0 }, { messages: 0 }]);
    await fixture.app.settled();
    expect(await rows()).toMatchObject([{ id: own, hashtags: [own], cause: 'user' }]);
    expect((await run()).archives).toMatchObject([{ messages: 0 }, { messages: 0 }]);
  });
});

describe('with the pipe stopped, redrive', () => {
  beforeAll(() => fixture.stopIngest());

  it('reports what has left the stream, and keeps its dead letter until it is dismissed', async () => {
    const [record = ''] = await fixture.put(tweet(own, own));
    const gone = formatPosition(shardOf(record), String(BigInt(sequenceOf(record)) - 1_000_000n));
    await fixture.pointTo(gone, { until: record });
    await fixture.pointTo(gone);
    await fixture.sendDeadLetter('{"not":"a dead letter"}');
    const report = await run();
    expect(report.ingest).toMatchObject({ messages: 3, removed: 0, keptCount: 3, outcomes: { stored: 0 } });
    expect(report.ingest.kept.map(({ why }) => why).sort()).toEqual(['expired', 'expired', 'foreign']);
    expect(await run({ dismissExpired: true })).toMatchObject({ ingest: { messages: 3, removed: 2, keptCount: 1 } });
    expect(await run()).toMatchObject({ ingest: { messages: 1, keptCount: 1 } });
    await fixture.purge();
  });

  it('advances the high-water mark of the shard before it deletes', async () => {
    const mark = async (record: string) =>
      (await fixture.item(fixture.app.outputs.ShardTableName, { shard: shardOf(record) }))?.storedUpTo;
    const [stored = '', deleting = ''] = await fixture.put(tweet(own, own), notice(own));
    await fixture.pointTo(deleting);
    expect((await run({ dryRun: true })).ingest.outcomes).toMatchObject({ deleted: 1 });
    expect(String((await mark(deleting)) ?? '') < stored).toBe(true);
    await fixture.whileFailing(
      (call) => call.operation === 'TransactWriteItems',
      () => run(),
    );
    expect(await mark(deleting)).toBe(deleting);
    expect(await fixture.tombstone(own)).toBeUndefined();
    await fixture.pointTo(stored);
    await run();
    expect(await mark(deleting)).toBe(deleting);
    expect(await fixture.tombstone(own)).toMatchObject({ record: deleting });
  });

  it('keeps the message of a record that cannot be settled now', async () => {
    const [record = ''] = await fixture.put(tweet(own, own));
    await fixture.pointTo(record);
    const report = await fixture.whileFailing(
      (call) => call.operation === 'TransactWriteItems',
      () => run(),
    );
    expect(report.ingest.kept).toContainEqual(
      expect.objectContaining({ why: 'failed', detail: expect.stringContaining('made to fail') }),
    );
    expect(await fixture.tweet(own)).toBeUndefined();
    expect((await run()).ingest.outcomes.stored).toBe(1);
    expect(await fixture.count(own)).toBe(1);
  });

  it.each([
    ['followed its notice', 0, '', 'dropped', undefined],
    ['was not there when its notice came', 2, '', 'stored', 1],
    ['was there by another record', 2, 'shardId-000000000000:0011', 'duplicate', undefined],
    ['was perhaps there', 2, undefined, 'unproved', undefined],
  ])('decides by the tombstone about a tweet that %s', async (_name, notices, tweetRecord, outcome, count) => {
    const records = await fixture.put(notice(own), tweet(own, own), notice(own));
    await fixture.putItem(fixture.app.outputs.DeletionTableName, {
      id: { S: own },
      record: { S: records[notices] ?? '' },
      ...(tweetRecord === undefined ? {} : { tweetRecord: { S: tweetRecord } }),
    });
    await fixture.pointTo(records[1] ?? '');
    expect((await run({ dryRun: true })).ingest.outcomes).toMatchObject({ [outcome]: 1 });
    expect((await run()).ingest).toMatchObject({ removed: 1, outcomes: { [outcome]: 1 } });
    expect(await fixture.count(own)).toBe(count);
    expect(await fixture.tweet(own)).toBeUndefined();
  });

  it('ends the same wherever it crashed before, and a redelivery by the pipe changes nothing', async () => {
    const scenarios: CrashScenario[] = [];
    for (let crash = 0, isOver = false; !isOver; crash += everyCrash) {
      const [call, when] = [Math.floor(crash / 2) + 1, crash % 2 === 0 ? 'before' : 'after'] as const;
      const scenario = await CrashScenario.prepare(fixture, `${own}-${call}-${when}-`);
      scenarios.push(scenario);
      const context = fixture.context({ call, when });
      await redrive(context, pipes(), options).catch(() => {});
      context.end();
      // That round made all of its calls.
      isOver = !context.crashed();
      const report = await run();
      expect({ call, when, kept: report.ingest.kept }).toEqual({ call, when, kept: [] });
      expect(await scenario.found()).toEqual(scenario.expected);
      expect((await run()).ingest.messages).toBe(0);
    }
    // Every record of them is still before the pipe, which was stopped: as if its checkpoint had been lost.
    await fixture.startIngest();
    await fixture.app.settled();
    for (const scenario of scenarios) expect(await scenario.found()).toEqual(scenario.expected);
  }, 400_000);
});
