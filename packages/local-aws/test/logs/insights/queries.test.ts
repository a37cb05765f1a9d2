import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { until } from '../../../../kit/test/until.ts';
import type { LocalService } from '../../../src/gateway/local-service.ts';
import { LogStore } from '../../../src/logs/log-store.ts';
import { createLogsService } from '../../../src/logs/service.ts';

const context = { region: 'us-east-1', accountId: '000000000000', requestId: 'r', accessKeyId: 'local' };
let folder: string;
let store: LogStore;
let service: LocalService;
/** Seconds since the epoch. */
let startTime: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  const clock = new ManualClock();
  startTime = clock.now() / 1000;
  store = await LogStore.open({ folder, clock });
  service = createLogsService({ store, clock, random: seededRandom(1), log: () => {} });
  await store.createGroup('/w');
  await store.createGroup('/f');
  for (let n = 0; n < 10; n += 1) {
    const type = n % 2 === 0 ? 'TaskFailed' : 'TaskSucceeded';
    const details = { name: `S${n % 3}`, ...(n % 2 === 0 && { error: 'E.Throttled' }), ms: n * 10 };
    const message = JSON.stringify({ id: String(n), type, details });
    store.put('/w', 's', { timestampMs: clock.now() + n * 60_000, message });
  }
  store.put('/f', 'f', { timestampMs: clock.now(), message: 'REPORT RequestId: r-1\tDuration: 12.50 ms\tMemory' });
  await store.flush();
});
afterAll(async () => {
  await store.stop();
  await rm(folder, { recursive: true });
});

async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  return { ...(await service.operations[operation]?.(input, context)) };
}

/** The rows of a query, as objects without their pointers. */
async function ask(queryString: string, input: Record<string, unknown> = { logGroupName: '/w' }): Promise<unknown[]> {
  const { queryId } = await call('StartQuery', { startTime, endTime: startTime + 3600, queryString, ...input });
  let answer: Record<string, unknown> = {};
  await until(async () => {
    answer = await call('GetQueryResults', { queryId });
    return answer.status !== 'Running';
  });
  expect(answer.status).toBe('Complete');
  const rows: { field: string; value: string }[][] = Array.isArray(answer.results) ? answer.results : [];
  return rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

describe('a query', () => {
  it.each([
    [
      'fields @timestamp, details.name as state | filter type = "TaskFailed" | sort @timestamp desc | limit 2',
      [
        { '@timestamp': '2026-01-01 00:08:00.000', state: 'S2' },
        { '@timestamp': '2026-01-01 00:06:00.000', state: 'S0' },
      ],
    ],
    ['filter id = 3 | display type, nothing', [{ type: 'TaskSucceeded' }]],
    ['fields id | filter details.ms > 70 and not (id in ["9"]) | sort id', [{ id: '8' }]],
    [
      'fields id | filter @message like /"S[12]"/ and details.error not like "nope" | sort id asc | limit 1',
      [{ id: '1' }],
    ],
    ['fields id | filter ispresent(details.error) | sort id desc | limit 1', [{ id: '8' }]],
    [
      'stats count(*) as n by type | sort n desc, type',
      [
        { type: 'TaskFailed', n: '5' },
        { type: 'TaskSucceeded', n: '5' },
      ],
    ],
    [
      'stats avg(details.ms), min(details.ms), max(details.ms), sum(details.ms), pct(details.ms, 90), count_distinct(details.name)',
      [
        {
          'avg(details.ms)': '45',
          'min(details.ms)': '0',
          'max(details.ms)': '90',
          'sum(details.ms)': '450',
          'pct(details.ms, 90)': '80',
          'count_distinct(details.name)': '3',
        },
      ],
    ],
    [
      'stats count(*) by bin(5m) | sort `bin(5m)`',
      [
        { 'bin(5m)': '2026-01-01 00:00:00.000', 'count(*)': '5' },
        { 'bin(5m)': '2026-01-01 00:05:00.000', 'count(*)': '5' },
      ],
    ],
    ['filter id = "none" | stats count(*) as n', [{ n: '0' }]],
    ['parse @message \'"name":"*"\' as state | filter id = 4 | display state', [{ state: 'S1' }]],
    ['parse @message /"id":"(?<number>\\d)"/ | filter number = 4 | display number', [{ number: '4' }]],
  ])('%s', async (query, rows) => {
    expect(await ask(query)).toEqual(rows);
  });

  it('reads several groups, also text, the latest first, with the fields of every event', async () => {
    const rows = await ask(
      'parse @message "Duration: * ms" as duration | filter ispresent(duration) | display @log, duration',
      {
        logGroupIdentifiers: ['/w', 'arn:aws:logs:us-east-1:000000000000:log-group:/f'],
      },
    );
    expect(rows).toEqual([{ '@log': '000000000000:/f', duration: '12.50' }]);
    const [first] = await ask('# nothing but a comment\nlimit 1');
    expect(first).toEqual({ '@timestamp': '2026-01-01 00:09:00.000', '@message': expect.stringContaining('"id":"9"') });
  });

  it.each([
    ['dedup id', /The command "dedup" at character 1 is not supported/],
    ['fields id | filter', /Expected a field at character 19, found its end/],
    ['fields strlen(id)', /The function strlen is not supported/],
    ['stats stddev(x)', /The function stddev at character 7 is not supported/],
    ['filter a + b = 1', /no arithmetic/],
    ['stats count(*) | filter x = 1', /filter behind stats/],
    ['limit 10001', /a number from 1 to 10000/],
    ['filter @message like /(/', /\/\(\/: /],
    ['parse "a * b" as x, y', /has 1 \*, but 2 names/],
  ])('%s is refused', async (queryString, message) => {
    const started = call('StartQuery', { logGroupName: '/w', startTime, endTime: startTime, queryString });
    await expect(started).rejects.toMatchObject({
      name: 'MalformedQueryException',
      message: expect.stringMatching(message),
    });
  });

  it('is remembered, and cannot be stopped when it has ended', async () => {
    await ask('limit 1');
    const { queries } = await call('DescribeQueries', { logGroupName: '/w', maxResults: 1 });
    expect(queries).toMatchObject([{ queryString: 'limit 1', status: 'Complete' }]);
    const [{ queryId }] = Object(queries);
    await expect(call('StopQuery', { queryId })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(call('GetQueryResults', { queryId: 'x' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const nowhere = call('StartQuery', {
      logGroupName: '/none',
      startTime,
      endTime: startTime,
      queryString: 'limit 1',
    });
    await expect(nowhere).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
