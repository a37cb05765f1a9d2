import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonTable, startAthena } from './fixture.ts';
import { messageColumns, messages } from './messages.ts';
import { orderColumns, orders } from './orders.ts';

interface Case {
  sql: string;
  rows: (string | null)[][] | null;
}
/** Cases worked out by hand from a page of Trino's documentation. */
interface Group {
  source: string;
  about: string;
  cases: { sql: string; rows?: (string | null)[][]; fails?: string }[];
}
const groups: Group[] = JSON.parse(readFileSync(new URL('cases/semantics.json', import.meta.url), 'utf8'));
const casesOf = (file: string): Case[] => JSON.parse(readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8'));

let aws: Awaited<ReturnType<typeof startAthena>>;
beforeAll(async () => {
  aws = await startAthena();
  const keys = ['year', 'month', 'day', 'hour'];
  const template = keys.map((key) => `\${${key}}/`).join('');
  const ranges = { year: '2020,2030', month: '1,12', day: '1,31', hour: '0,23' };
  await aws.createTable(
    jsonTable('tweets', messageColumns, {
      PartitionKeys: keys.map((Name) => ({ Name, Type: 'string' })),
      Parameters: {
        'projection.enabled': 'true',
        'storage.location.template': `s3://lake/tweets/${template}`,
        ...Object.fromEntries(
          Object.entries(ranges).flatMap(([key, range]) => [
            [`projection.${key}.type`, 'integer'],
            [`projection.${key}.range`, range],
            [`projection.${key}.digits`, key === 'year' ? '4' : '2'],
          ]),
        ),
      },
    }),
  );
  for (const [key, rows] of Object.entries(messages)) await aws.putRows(`tweets/${key}`, rows);
  await aws.createTable(jsonTable('orders', orderColumns));
  await aws.putRows('orders/a.json', orders);
});
afterAll(() => aws.stop());

/** The cases write lists without spaces and times without a fraction of zero. */
const plain = (rows: (string | null)[][] | string) =>
  typeof rows === 'string'
    ? rows
    : rows.map((row) => row.map((value) => value?.replaceAll(', ', ',').replace(/(:\d\d)\.000$/, '$1') ?? null));

describe('queries over tweets', () => {
  it.each(casesOf('queries.json'))('$sql', async ({ sql, rows }) => {
    expect(plain(await aws.query(sql))).toEqual(rows ?? [['bob', 'u2']]);
  });
});

describe('functions and values, as Athena prints them', () => {
  it.each(casesOf('functions.json'))('$sql', async ({ sql, rows }) => {
    expect(await aws.query(sql)).toEqual(rows);
  });
});

describe.each(groups)('$about: $source', ({ cases }) => {
  it.each(cases)('$sql', async ({ sql, rows, fails }) => {
    const answer = await aws.query(sql);
    if (fails === undefined) expect(answer).toEqual(rows);
    else expect(answer).toMatch(new RegExp(`^${fails}`));
  });
});
