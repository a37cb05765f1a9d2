import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';

import { NotDeletedError } from '../../src/forgetting/forget.ts';
import { AnotherRunError } from '../../src/forgetting/ledger.ts';
import { Crash, ForgettingFixture, noticeRow, tweetRow } from './forgetting-fixture.ts';

const hour = 'tweets/2026/11/20/10/';
const hourMs = 3_600_000;

function deletedTweet(options: { isVersioned?: boolean } = {}): ForgettingFixture {
  const fixture = new ForgettingFixture(options);
  fixture.putRows(`${hour}a.jsonl.gz`, [tweetRow('1', 1), tweetRow('2', 2), noticeRow('1', 3)]);
  fixture.delete('1', 3);
  return fixture;
}

describe('forgetting', () => {
  it('removes the rows of a deleted tweet and keeps its notice and all other rows', async () => {
    const fixture = deletedTweet();
    const kept = fixture.rowsOf(`lake/${hour}a.jsonl.gz`).slice(1);
    const report = await fixture.run();
    expect(fixture.rowsOf(`lake/${hour}a.jsonl.gz`)).toEqual(kept);
    expect(report).toMatchObject({ isComplete: true, forgotten: 1, left: 0, objectsRewritten: 1, rows: { lake: 1 } });
    expect(fixture.allText()).not.toContain('secret of 1');
  });

  it('goes on counting a forgotten tweet, without its id', async () => {
    const fixture = deletedTweet();
    await fixture.run();
    expect(fixture.audit()).toEqual({ sea: 2 });
    const ledger = gunzipSync(fixture.body('lake/forgotten/forgotten.jsonl.gz') ?? Buffer.alloc(0)).toString();
    expect(ledger).toBe('{"hashtag":"sea","tweets":1}\n');
  });

  it('does nothing where nothing is deleted', async () => {
    const fixture = new ForgettingFixture();
    fixture.putRows(`${hour}a.jsonl.gz`, [tweetRow('1', 1)]);
    const report = await fixture.run();
    expect(report).toMatchObject({ objectsRead: 0, objectsRewritten: 0, isComplete: true });
  });

  it('removes what Firehose delivers after the tweet was forgotten, and counts it once', async () => {
    const fixture = new ForgettingFixture();
    fixture.delete('1', 3);
    await fixture.run();
    await fixture.clock.advance(12 * hourMs);
    fixture.putRows(`${hour}late.jsonl.gz`, [tweetRow('1', 1), tweetRow('1', 2, ['sky']), noticeRow('1', 3)]);
    await fixture.run();
    expect(fixture.audit()).toEqual({ sea: 1 });
    await fixture.clock.advance(12 * hourMs);
    fixture.putRows(`${hour}later.jsonl.gz`, [tweetRow('1', 1), tweetRow('1', 9)]);
    await fixture.run();
    expect(fixture.audit()).toEqual({ sea: 1 });
    expect(fixture.allText()).not.toContain('secret of 1');
  });

  it('removes a row from a file that was listed only after the last search, though its upload began before', async () => {
    const fixture = deletedTweet();
    const uploadMs = fixture.clock.now();
    await fixture.clock.advance(hourMs / 6);
    await fixture.run();
    fixture.putRows(`${hour}slow.jsonl.gz`, [tweetRow('1', 1), tweetRow('2', 2)], uploadMs);
    await fixture.clock.advance(12 * hourMs);
    await fixture.run();
    expect(fixture.allText()).not.toContain('secret of 1');
    expect(fixture.audit()).toEqual({ sea: 2 });
  });

  it('reads only what is new when no deletion is', async () => {
    const fixture = deletedTweet();
    await fixture.run();
    await fixture.clock.advance(12 * hourMs);
    await fixture.run();
    await fixture.clock.advance(12 * hourMs);
    fixture.putRows('tweets/2026/11/21/10/b.jsonl.gz', [tweetRow('3', 5)]);
    await expect(fixture.run()).resolves.toMatchObject({ objectsRead: 1, objectsRewritten: 0 });
  });

  it('does not count a tweet that came after its notice', async () => {
    const fixture = new ForgettingFixture();
    fixture.putRows(`${hour}a.jsonl.gz`, [noticeRow('1', 1), tweetRow('1', 2)]);
    fixture.delete('1', 1);
    await fixture.run();
    expect(fixture.audit()).toEqual({});
    expect(fixture.allText()).not.toContain('secret');
  });

  it.each([
    ['text and number', '{"id":12345678901234567890,"id_str":"1","text":"secret"}'],
    ['a number alone', '{"id":1,"text":"secret"}'],
    ['an embedded original', '{"id_str":"9","text":"RT","retweeted_status":{"id_str":"1","text":"secret"}}'],
    ['API v2', '{"data":{"id":"1","text":"secret"}}'],
    ['an edited tweet', '{"id":"7","edit_history_tweet_ids":["1","7"],"text":"secret"}'],
    ['no valid JSON', '{"id_str":"1","text":"secret'],
    ['JSON in a string', JSON.stringify('{"id_str":"1","text":"secret"}')],
  ])('removes a record with %s from error files and quarantine', async (_, record) => {
    const fixture = new ForgettingFixture();
    const failed = (data: string) => ({ errorCode: 'x', rawData: Buffer.from(data).toString('base64') });
    const other = JSON.stringify(failed('{"id_str":"2","text":"stays"}'));
    const lines = gzipSync(`${JSON.stringify(failed(record))}\n${other}\n`);
    fixture.put('lake/errors/processing-failed/2026/11/20/10/e', lines);
    const facts = { reason: 'no-id', event_id: 'shardId-000000000000:1', arrived_at: '2026-11-20T10:00:00.000Z' };
    const base64 = Buffer.from(record).toString('base64');
    const quarantined = [`{"data":${record}}`, JSON.stringify({ data: base64 })].map(
      (data) => `{"reason":"no-id","event_id":"${facts.event_id}","arrived_at":"${facts.arrived_at}",${data.slice(1)}`,
    );
    for (const [index, object] of quarantined.entries()) {
      fixture.put(`archive/quarantine/shardId-000000000000/${index}.json`, Buffer.from(object));
    }
    fixture.delete('1', 3);
    await fixture.run();
    expect(fixture.allText()).not.toContain('secret');
    expect(gunzipSync(fixture.body('lake/errors/processing-failed/2026/11/20/10/e') ?? '').toString()).toBe(
      `${other}\n`,
    );
    expect(JSON.parse(String(fixture.body('archive/quarantine/shardId-000000000000/1.json')))).toEqual({
      ...facts,
      data: null,
    });
  });

  it('strips archive rows only where the archive must keep no content', async () => {
    const row = { event_id: 'e', table: 'tweets', record: 'r', removed_at: 't', cause: 'user', id: '1', expires_at: 1 };
    const file = gzipSync(`${JSON.stringify({ ...row, text: 'secret', hashtags: ['sea'] })}\n`);
    const fixture = new ForgettingFixture();
    fixture.put('archive/deleted/tweets/2026/11/20/10/r.jsonl.gz', file);
    fixture.delete('1', 3);
    const full = fixture.copy();
    await full.run();
    expect(full.allText()).toContain('secret');
    fixture.archiveContent = 'keys';
    await fixture.run();
    expect(fixture.rowsOf('archive/deleted/tweets/2026/11/20/10/r.jsonl.gz').map((line) => JSON.parse(line))).toEqual([
      row,
    ]);
  });

  it('removes results of queries from before the removal, and once more those of queries that ran meanwhile', async () => {
    const fixture = deletedTweet();
    fixture.put('lake/query-results/1.csv', Buffer.from('"secret of 1, 1"'));
    await expect(fixture.run()).resolves.toMatchObject({ resultsRemoved: 1 });
    await fixture.clock.advance(600_000);
    fixture.put('lake/query-results/2.csv', Buffer.from('"secret of 1, 1"'));
    await fixture.clock.advance(11 * hourMs);
    fixture.put('lake/query-results/3.csv', Buffer.from('fresh'));
    await expect(fixture.run()).resolves.toMatchObject({ resultsRemoved: 1 });
    await fixture.clock.advance(12 * hourMs);
    await expect(fixture.run()).resolves.toMatchObject({ resultsRemoved: 0 });
    expect(fixture.paths()).toContain('lake/query-results/3.csv');
  });

  it('changes nothing in a dry run, and reports the same', async () => {
    const fixture = deletedTweet();
    fixture.put('lake/query-results/1.csv', Buffer.from('x'));
    fixture.onCall = (_, call) => {
      if (/^(write|remove|mark)/.test(call)) throw new Error(`a dry run calls ${call}`);
    };
    const dry = await fixture.copy().run();
    const { rows, resultsRemoved, objectsRewritten } = await fixture.run({ dryRun: true });
    expect({ rows, resultsRemoved, objectsRewritten }).toEqual({
      rows: dry.rows,
      resultsRemoved: 1,
      objectsRewritten: dry.objectsRewritten,
    });
  });

  it('forgets the ids that are named and no others', async () => {
    const fixture = deletedTweet();
    fixture.delete('2', 4);
    await fixture.run({ ids: ['2'] });
    expect(fixture.allText()).toContain('secret of 1');
    expect(fixture.allText()).not.toContain('secret of 2');
    await expect(fixture.run()).resolves.toMatchObject({ forgotten: 1, left: 0 });
    expect(fixture.audit()).toEqual({ sea: 2 });
  });

  it('refuses an id that was not deleted', async () => {
    await expect(deletedTweet().run({ ids: ['1', '2'] })).rejects.toThrow(NotDeletedError);
  });

  it('tells the age of the oldest deletion that was not forgotten', async () => {
    const fixture = deletedTweet();
    await fixture.clock.advance(hourMs);
    const ages: number[] = [];
    const onOldest = (seconds: number) => void ages.push(seconds);
    await fixture.run({ onOldest });
    await fixture.run({ onOldest });
    expect(ages).toEqual([3600, 0]);
  });

  it('goes on behind the deadline of the run before', async () => {
    const fixture = new ForgettingFixture();
    for (let file = 0; file < 200; file++) {
      const rows = [tweetRow(`${file}`, file), tweetRow('first', file)];
      fixture.putRows(`${hour}${String(file).padStart(3, '0')}.jsonl.gz`, rows);
    }
    fixture.delete('first', 500);
    const before = fixture.audit();
    const deadlineMs = fixture.clock.now();
    const reads: number[] = [];
    for (let run = 0; run < 3; run++) {
      const report = await fixture.run({ deadlineMs });
      expect(report.isComplete).toBe(false);
      reads.push(report.objectsRead);
      expect(fixture.audit()).toEqual(before);
    }
    expect(reads).toEqual([64, 64, 64]);
    await expect(fixture.run()).resolves.toMatchObject({ isComplete: true, forgotten: 1, rows: { lake: 200 } });
    expect(fixture.audit()).toEqual(before);
  });

  it('counts nothing as forgotten that its time did not suffice to remove', async () => {
    const fixture = deletedTweet();
    const before = fixture.audit();
    const deadlineMs = fixture.clock.now() + hourMs;
    fixture.onCall = (when, call) =>
      when === 'after' && call === 'write forgotten/forgotten.jsonl.gz' ? fixture.clock.advance(hourMs) : undefined;
    await expect(fixture.run({ deadlineMs })).resolves.toMatchObject({ isComplete: false, forgotten: 0 });
    expect(fixture.allText()).toContain('secret of 1');
    expect(fixture.audit()).toEqual(before);
    fixture.onCall = () => {};
    await expect(fixture.run()).resolves.toMatchObject({ isComplete: true });
    expect(fixture.allText()).not.toContain('secret of 1');
    expect(fixture.audit()).toEqual(before);
  });

  it('ends with a named error when another run is at work, and harms nothing', async () => {
    const fixture = deletedTweet();
    const before = fixture.audit();
    let isFirst = true;
    fixture.onCall = async (when, call) => {
      if (!isFirst || when !== 'before' || call !== 'write forgotten/forgotten.jsonl.gz') return;
      isFirst = false;
      await fixture.run();
    };
    await expect(fixture.run()).rejects.toThrow(AnotherRunError);
    expect(fixture.audit()).toEqual(before);
    await fixture.run();
    expect(fixture.audit()).toEqual(before);
  });

  it('reads an object again that changed before it was written', async () => {
    const fixture = deletedTweet();
    let isFirst = true;
    fixture.onCall = (when, call) => {
      if (!isFirst || when !== 'before' || call !== `write ${hour}a.jsonl.gz`) return;
      isFirst = false;
      fixture.putRows(`${hour}a.jsonl.gz`, [tweetRow('1', 1), tweetRow('3', 4)]);
    };
    await fixture.run();
    expect(fixture.rowsOf(`lake/${hour}a.jsonl.gz`)).toEqual([JSON.stringify(tweetRow('3', 4))]);
  });

  it('removes noncurrent versions, also those that a crash left', async () => {
    const fixture = deletedTweet({ isVersioned: true });
    fixture.onCall = (when, call) => {
      if (when === 'before' && call === `remove ${hour}a.jsonl.gz`) throw new Crash();
    };
    await expect(fixture.run()).rejects.toThrow(Crash);
    expect(fixture.allText()).toContain('secret of 1');
    fixture.onCall = () => {};
    await fixture.run();
    expect(fixture.allText()).not.toContain('secret of 1');
    expect(fixture.audit()).toEqual({ sea: 2 });
  });
});
