import { describe, expect, it } from '@jest/globals';

import { readConfiguration } from '../../../functions/forget-tweets/configuration.ts';
import { forgetTweets } from '../../../functions/forget-tweets/forget-tweets.ts';
import { ForgettingFixture, noticeRow, tweetRow } from '../../../packages/kit/test/forgetting/forgetting-fixture.ts';

async function invoke(fixture: ForgettingFixture, leftMs: number) {
  const lines: string[] = [];
  const invocation = { functionName: 'job', leftMs, print: (line: string) => void lines.push(line) };
  const outcome = await forgetTweets(fixture.work, invocation).catch((error: unknown) => error);
  return { outcome, lines: lines.map((line) => JSON.parse(line)) };
}

function deletedTweet(): ForgettingFixture {
  const fixture = new ForgettingFixture();
  fixture.putRows('tweets/2026/11/20/10/a.jsonl.gz', [tweetRow('1', 1), noticeRow('1', 2)]);
  fixture.delete('1', 2);
  return fixture;
}

describe('forget-tweets', () => {
  it('publishes the age of the oldest deletion first, and what it did', async () => {
    const fixture = deletedTweet();
    await fixture.clock.advance(7_200_000);
    const { outcome, lines } = await invoke(fixture, 900_000);
    expect(outcome).toMatchObject({ forgotten: 1, rows: { lake: 1 } });
    expect(lines).toMatchObject([
      { FunctionName: 'job', OldestDeletionSeconds: 7200 },
      { FunctionName: 'job', ForgottenTweets: 1, RemovedRows: 1, report: { isComplete: true } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('fails when its time is over before the end, so that Lambda invokes it again', async () => {
    const fixture = deletedTweet();
    const { outcome } = await invoke(fixture, 1_000);
    expect(outcome).toMatchObject({
      name: 'UnfinishedError',
      message: expect.stringContaining('1 deleted tweets left'),
    });
    await expect(fixture.run()).resolves.toMatchObject({ isComplete: true });
  });

  it('fails at its start without its environment, and names what is missing', () => {
    const environment = { DELETION_TABLE: 'd', LAKE_BUCKET: 'l', ARCHIVE_CONTENT: 'some' };
    expect(() => readConfiguration(environment)).toThrow(
      /ARCHIVE_CONTENT[\s\S]*ARCHIVE_BUCKET|ARCHIVE_BUCKET[\s\S]*ARCHIVE_CONTENT/,
    );
  });
});
