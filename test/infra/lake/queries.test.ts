import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openResult } from '@tweet-pipes/cli/lake/result';
import { runQuery } from '@tweet-pipes/cli/lake/run-query';
import { systemClock } from '@tweet-pipes/kit/clock';
import { z } from 'zod';
import { fakeTerminal } from '../../../packages/cli/test/fake-terminal.ts';
import { type LocalLake, startLocalLake } from './local-lake.ts';

/**
 * Rows of the table `tweets`, and the rows that each view and named query gives for them, worked out by hand. `-2h` is
 * the hour before the last, `@-2h 05:00.000` a time in it, `#-2h` its partition.
 */
const { rows, queries } = z
  .object({
    rows: z.array(
      z.object({ datehour: z.string(), why: z.string().optional(), row: z.record(z.string(), z.unknown()) }),
    ),
    queries: z.array(
      z.object({ name: z.string(), sql: z.string().optional(), rows: z.array(z.array(z.string().nullable())) }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('cases/queries.json', import.meta.url), 'utf8')));

const hourMs = 3_600_000;
const hourNow = () => Math.floor(systemClock.now() / hourMs);

let lake: LocalLake;
/** The hour that the rows are put into; it may pass while the tests run. */
let hour: number;
beforeAll(async () => {
  lake = await startLocalLake();
  await putRows();
});
afterAll(() => lake?.stop());

async function putRows(): Promise<void> {
  hour = hourNow();
  const datehours = new Set(rows.map(({ datehour }) => datehour));
  for (const each of datehours) {
    const inHour = rows.filter(({ datehour }) => datehour === each).map(({ row }) => row);
    const filled = inHour.map((row) => ({ ...row, arrived_at: timeOf(String(row.arrived_at)) }));
    await lake.putRows(datehourOf(each), filled, `rows${each}`);
  }
}

/** Rows of SQL, and whether the hour of the rows is still this hour. */
async function query(sql: string): Promise<(string | null)[][]> {
  const { athena } = await lake.clients.lake();
  const { WorkGroupName: workGroup = '', LakeDatabaseName: database = '' } = lake.outputs;
  const request = { workGroup, database, sql, parameters: [] };
  const result = await openResult(
    athena,
    await runQuery(athena, request, fakeTerminal(), new AbortController().signal),
  );
  const found: (string | null)[][] = [];
  for await (const row of result.rows) found.push([...row]);
  return found;
}

describe('over known rows', () => {
  it.each(queries.map((each): [string, typeof each] => [each.name, each]))('%s', async (name, given) => {
    const sql = given.sql ?? lake.queries.get(name) ?? '';
    let found = await query(sql);
    if (hourNow() !== hour) {
      await putRows();
      found = await query(sql);
    }
    expect(found).toEqual(given.rows.map((row) => row.map((value) => (value === null ? null : filled(value)))));
  });

  it('are all views and named queries of the template', () => {
    const views = ['tweets_distinct', 'tweets_live'];
    expect(queries.map(({ name }) => name).sort()).toEqual([...views, ...lake.queries.keys()].sort());
  });

  it('are all that the notebook asks, beside those of the sentiment', () => {
    const notebook = readFileSync(new URL('../../../notebooks/results.ipynb', import.meta.url), 'utf8');
    const asked = [...notebook.matchAll(/\brun\(\\"(\w+)\\"\)/g)].map(([, name]) => name);
    const ofSentiment = ['sentiment_by_hashtag', 'most_divided_hashtags'];
    expect(asked.filter((name) => !ofSentiment.includes(name ?? '')).sort()).toEqual(
      [...lake.queries.keys()].filter((name) => name !== 'audit').sort(),
    );
    expect(asked).toEqual(expect.arrayContaining(ofSentiment));
  });
});

function filled(value: string): string {
  if (value.startsWith('@')) return timeOf(value.slice(1));
  return value.startsWith('#-') || value.startsWith('#0') ? datehourOf(value.slice(1)) : value;
}

/** `-2h` → `2026/11/20/08` */
function datehourOf(relative: string): string {
  return startOf(relative).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
}

/** `-2h 05:00.000` → `2026-11-20 08:05:00.000` */
function timeOf(relative: string): string {
  const [hours = '', minutes = ''] = relative.split(' ');
  return `${startOf(hours).toISOString().slice(0, 13).replace('T', ' ')}:${minutes}`;
}

function startOf(relative: string): Date {
  return new Date((hour + Number.parseInt(relative, 10)) * hourMs);
}
