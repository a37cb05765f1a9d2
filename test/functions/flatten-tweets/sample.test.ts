import { describe, expect, it } from '@jest/globals';
import { createSample } from '@tweet-pipes/producer/sample/sample';
import { rowOf, sourceRecord } from '../transformation.ts';
import { flatten } from './flatten.ts';

const { records, truth } = createSample();
const { records: answers, failed } = flatten(...records.map(({ data }, index) => sourceRecord(data, `r${index}`)));
const rows = answers.map(rowOf).filter((row) => row !== undefined);

/** The rules of the views and of the query `audit` in infra/lake. The records are in the order of their positions. */
const notices = new Map<unknown, number>();
const first = new Map<unknown, number>();
for (const [index, { id, kind }] of rows.entries()) {
  const seen = kind === 'delete' ? notices : first;
  if (!seen.has(id)) seen.set(id, index);
}

describe('the rows of the sample', () => {
  it('are as many as its tweets, duplicates and delete notices', () => {
    expect(rows.length + failed.length).toBe(records.length);
  });

  it('leave out what the workflow puts into quarantine, for the same reasons', () => {
    const reasons = new Map<string, number>();
    for (const { reason } of failed) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);

    expect(reasons).toEqual(truth.quarantined);
  });

  it('hold, without duplicates and deleted ones, the tweets that the table must hold', () => {
    const live = [...first].filter(([id]) => !notices.has(id)).map(([, index]) => rows[index]);
    const columns = live.map((row) => [
      row?.id,
      {
        text: row?.text,
        lang: row?.lang,
        userId: row?.user_id,
        userName: row?.user_name,
        hashtags: row?.hashtags,
      },
    ]);
    const items = [...truth.tweets].map(([id, { createdAt: _, ...item }]) => [id, item]);

    expect(new Map(JSON.parse(JSON.stringify(columns)))).toEqual(new Map(JSON.parse(JSON.stringify(items))));
    expect(live.every((row) => row?.created_at !== undefined)).toBe(true);
  });

  it('give the counts that the counters must have', () => {
    const counts = new Map<unknown, number>();
    for (const [id, index] of first) {
      const noticed = notices.get(id);
      const hashtags = rows[index]?.hashtags;
      if ((noticed !== undefined && noticed < index) || !Array.isArray(hashtags)) continue;
      for (const hashtag of hashtags) counts.set(hashtag, (counts.get(hashtag) ?? 0) + 1);
    }

    expect(counts).toEqual(truth.counts);
  });
});
