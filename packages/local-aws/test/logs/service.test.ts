import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { seededRandom } from '@tweet-pipes/kit/random';
import { LogMetrics } from '../../src/cloudwatch/log-metrics.ts';
import { noMetricDelivery } from '../../src/cloudwatch/metric-delivery.ts';
import type { LocalService, RequestContext } from '../../src/gateway/local-service.ts';
import type { EventKey } from '../../src/logs/event-key.ts';
import { LogStore } from '../../src/logs/log-store.ts';
import { createLogsService } from '../../src/logs/service.ts';
import { Problems } from '../../src/problems.ts';

const context: RequestContext = {
  region: 'us-east-1',
  accountId: '000000000000',
  requestId: 'r',
  accessKeyId: 'local',
};
const group = { logGroupName: '/aws/vendedlogs/states/w' };
const DAY_MS = 24 * 60 * 60 * 1000;

let folder: string;
let clock: ManualClock;
let store: LogStore;
let console: string[];
let service: LocalService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  clock = new ManualClock();
  console = [];
  await open();
  await call('CreateLogGroup', group);
});
afterEach(async () => {
  await store.stop();
  await rm(folder, { recursive: true });
});

async function open(waitingBytes = 1e8): Promise<void> {
  const problems = new Problems((line) => console.push(line));
  store = await LogStore.open({ folder, clock, bounds: { segmentBytes: 500, waitingBytes }, problems });
  service = createLogsService({
    ...{ store, clock, random: seededRandom(1), log: (line) => console.push(line) },
    metricFilters: new LogMetrics(noMetricDelivery, clock),
  });
}

async function restart(): Promise<void> {
  await store.stop();
  await open();
}

async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const run = service.operations[operation];
  if (run === undefined) throw new Error(`no ${operation}`);
  return { ...(await run(input, context)) };
}

/** Puts messages `<n>` of a stream, a second apart. */
function write(count: number, stream = 's', from = 0): void {
  for (let n = from; n < from + count; n += 1) {
    store.put(group.logGroupName, stream, {
      timestampMs: clock.now() + n * 1000,
      message: JSON.stringify({ n, stream }),
    });
  }
}

async function filtered(input: Record<string, unknown> = {}): Promise<number[]> {
  const found: number[] = [];
  for (let nextToken: unknown; ; ) {
    const page = await call('FilterLogEvents', { ...group, ...input, ...(nextToken !== undefined && { nextToken }) });
    if (Array.isArray(page.events)) found.push(...page.events.map(({ message }) => JSON.parse(message).n));
    nextToken = page.nextToken;
    if (nextToken === undefined) return found;
  }
}

const range = (from: number, end: number) => Array.from({ length: end - from }, (_, index) => from + index);

describe('FilterLogEvents', () => {
  it('finds events by pattern, time and stream, in order, by pages, over a restart', async () => {
    write(50);
    write(50, 'other');
    await restart();
    write(10, 's', 50);
    expect(await filtered()).toEqual([...range(0, 50).flatMap((n) => [n, n]), ...range(50, 60)]);
    expect(await filtered({ logStreamNames: ['s'], limit: 7 })).toEqual(range(0, 60));
    expect(await filtered({ logStreamNamePrefix: 'oth', limit: 49 })).toEqual(range(0, 50));
    expect(await filtered({ filterPattern: '{ $.n > 45 && $.stream = "s" }' })).toEqual(range(46, 60));
    const [startTime, endTime] = [clock.now() + 5_000, clock.now() + 8_000];
    expect(await filtered({ startTime, endTime, logStreamNames: ['s'] })).toEqual([5, 6, 7, 8]);
    expect(await filtered({ logStreamNames: ['s'], startFromHead: false, limit: 9 })).toEqual(range(0, 60).reverse());
  });

  it('answers events as AWS does', async () => {
    write(1);
    const [event] = Object(
      await call('FilterLogEvents', {
        logGroupIdentifier: `arn:aws:logs:us-east-1:000000000000:log-group:${group.logGroupName}`,
      }),
    ).events;
    expect(event).toEqual({
      logStreamName: 's',
      timestamp: clock.now(),
      ingestionTime: clock.now(),
      message: '{"n":0,"stream":"s"}',
      eventId: expect.stringMatching(/^\d{56}$/),
    });
  });

  it('reads each event once, however many pages, and none without the text that is searched for', async () => {
    for (let n = 0; n < 64; n += 8) {
      write(8, 's', n);
      await store.flush();
    }
    let read = 0;
    let needed = 0;
    const query = { startMs: 0, endMs: Number.POSITIVE_INFINITY, hasStream: () => true, limit: 4, limitBytes: 1e6 };
    for (const isBackward of [true, false]) {
      let beyond: EventKey | undefined;
      for (let hasMore = true; hasMore; ) {
        const matches = (): boolean => {
          read += 1;
          return true;
        };
        const page = await store.read(group.logGroupName, { ...query, isBackward, matches, ...(beyond && { beyond }) });
        hasMore = page?.hasMore ?? false;
        beyond = page?.events.at(isBackward ? 0 : -1)?.key;
      }
    }
    const matches = (message: string): boolean => {
      needed += 1;
      return message.includes('"n":7,');
    };
    await store.read(group.logGroupName, { ...query, isBackward: false, needs: [':7,'], matches });
    // Pages of four, of segments that hold eight or sixteen: half of what the next page needs is read before.
    expect(read).toBeLessThan(2 * 64 * 4);
    expect(needed).toBe(1);
  });

  it('ends a page at 1 MB of messages', async () => {
    const message = JSON.stringify({ n: 1, text: 'x'.repeat(300_000) });
    for (let n = 0; n < 5; n += 1) store.put(group.logGroupName, 's', { timestampMs: n, message });
    await store.flush();
    const { events, nextToken } = await call('FilterLogEvents', group);
    expect([Object(events).length, nextToken]).toEqual([3, expect.stringMatching(/^f\//)]);
    expect(await filtered()).toHaveLength(5);
  });
});

describe('GetLogEvents', () => {
  it('begins with the latest, and its tokens lead both ways', async () => {
    write(10);
    const stream = { ...group, logStreamName: 's', limit: 4 };
    const numbers = ({ events }: Record<string, unknown>): number[] =>
      Array.isArray(events) ? events.map(({ message }) => JSON.parse(message).n) : [];
    const latest = await call('GetLogEvents', stream);
    expect(numbers(latest)).toEqual([6, 7, 8, 9]);
    const before = await call('GetLogEvents', { ...stream, nextToken: latest.nextBackwardToken });
    expect(numbers(before)).toEqual([2, 3, 4, 5]);
    const end = await call('GetLogEvents', { ...stream, nextToken: latest.nextForwardToken });
    expect([end.events, end.nextForwardToken]).toEqual([[], latest.nextForwardToken]);
    write(1, 's', 10);
    expect(numbers(await call('GetLogEvents', { ...stream, nextToken: end.nextForwardToken }))).toEqual([10]);
    expect(numbers(await call('GetLogEvents', { ...stream, startFromHead: true }))).toEqual([0, 1, 2, 3]);
  });
});

describe('PutLogEvents', () => {
  it('keeps text with line breaks, control characters and 1 MB as it is', async () => {
    await call('CreateLogStream', { ...group, logStreamName: 's' });
    const messages = ['two\nlines\r\n', '\u001b[31mred <b>bold</b>\u001b[0m', 'x'.repeat(500_000), '\u2028 😀'];
    const timestamp = clock.now();
    const answer = await call('PutLogEvents', {
      ...group,
      logStreamName: 's',
      logEvents: messages.map((message) => ({ timestamp, message })),
    });
    expect(answer).toEqual({});
    await restart();
    const { events } = await call('GetLogEvents', { ...group, logStreamName: 's' });
    expect(Object(events).map(({ message }: { message: string }) => message)).toEqual(messages);
  });

  it('leaves out what is too old or too new, and says so', async () => {
    await call('PutRetentionPolicy', { ...group, retentionInDays: 3 });
    await call('CreateLogStream', { ...group, logStreamName: 's' });
    const logEvents = [-20, -5, 0, 1].map((days) => ({
      timestamp: clock.now() + days * DAY_MS,
      message: `{"n":${days}}`,
    }));
    expect(await call('PutLogEvents', { ...group, logStreamName: 's', logEvents })).toEqual({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 3 },
    });
    expect(await filtered()).toEqual([0]);
  });
});

describe('groups and streams', () => {
  it('are created, described and deleted with their events', async () => {
    write(3);
    await call('CreateLogStream', { ...group, logStreamName: 'empty' });
    await call('PutRetentionPolicy', { ...group, retentionInDays: 30 });
    await restart();
    const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${group.logGroupName}`;
    expect(await call('DescribeLogGroups', { logGroupNamePrefix: '/aws/vended' })).toMatchObject({
      logGroups: [{ ...group, retentionInDays: 30, arn: `${arn}:*`, logGroupArn: arn, creationTime: clock.now() }],
    });
    expect(await call('DescribeLogStreams', { ...group, orderBy: 'LastEventTime', descending: true })).toMatchObject({
      logStreams: [
        { logStreamName: 's', firstEventTimestamp: clock.now(), lastEventTimestamp: clock.now() + 2000 },
        { logStreamName: 'empty' },
      ],
    });
    await call('DeleteLogStream', { ...group, logStreamName: 's' });
    expect(await filtered()).toEqual([]);
    write(1, 's', 7);
    await restart();
    expect(await filtered()).toEqual([7]);
    await call('DeleteLogGroup', group);
    await call('CreateLogGroup', group);
    expect(await filtered()).toEqual([]);
    expect((await readdir(folder)).filter((name) => name === '1')).toEqual([]);
  });

  it.each([
    ['FilterLogEvents', { logGroupName: '/none' }, 'ResourceNotFoundException'],
    ['FilterLogEvents', { ...group, logStreamNames: ['none'] }, 'ResourceNotFoundException'],
    ['FilterLogEvents', { ...group, filterPattern: '{ $.a' }, 'InvalidParameterException'],
    ['FilterLogEvents', { ...group, limit: 10_001 }, 'InvalidParameterException'],
    ['FilterLogEvents', { ...group, nextToken: 'x' }, 'InvalidParameterException'],
    ['FilterLogEvents', {}, 'InvalidParameterException'],
    ['GetLogEvents', { ...group, logStreamName: 'none' }, 'ResourceNotFoundException'],
    ['CreateLogGroup', group, 'ResourceAlreadyExistsException'],
    ['CreateLogGroup', { logGroupName: 'a b' }, 'InvalidParameterException'],
    ['PutRetentionPolicy', { ...group, retentionInDays: 2 }, 'InvalidParameterException'],
    [
      'PutLogEvents',
      { ...group, logStreamName: 'none', logEvents: [{ timestamp: 1, message: 'a' }] },
      'ResourceNotFoundException',
    ],
    [
      'PutLogEvents',
      { ...group, logStreamName: 's', logEvents: [{ timestamp: 1, message: 'x'.repeat(1_048_551) }] },
      'InvalidParameterException',
    ],
    ['DeleteLogStream', { ...group, logStreamName: 'none' }, 'ResourceNotFoundException'],
    ['DescribeLogStreams', { logGroupName: '/none' }, 'ResourceNotFoundException'],
  ])('%s of %j is refused', async (operation, input, name) => {
    await expect(call(operation, input)).rejects.toMatchObject({ name });
  });
});

describe('the store', () => {
  it('hides what is older than the retention, and deletes it with its segment', async () => {
    await call('PutRetentionPolicy', { ...group, retentionInDays: 1 });
    write(20);
    await store.flush();
    write(1, 's', 100);
    await store.flush();
    await clock.advance(DAY_MS + 50_000);
    expect(await filtered()).toEqual([100]);
    write(1);
    await store.flush();
    expect(await readdir(join(folder, '1'))).toHaveLength(1);
  });

  it('counts the metric filters of a group', async () => {
    const metricTransformations = [{ metricName: 'Failed', metricNamespace: 'Shop', metricValue: '1' }];
    await call('PutMetricFilter', { ...group, filterName: 'failures', filterPattern: '', metricTransformations });
    await call('CreateLogGroup', { logGroupName: '/other' });
    expect(await call('DescribeLogGroups', {})).toMatchObject({
      logGroups: [
        { ...group, metricFilterCount: 1 },
        { logGroupName: '/other', metricFilterCount: 0 },
      ],
    });
  });

  it('tells listeners what each stream got, in order', async () => {
    const heard: unknown[] = [];
    const end = store.subscribe((...told) => heard.push(told));
    write(2);
    write(1, 'other');
    store.put('/none', 's', { timestampMs: 1, message: 'lost' });
    await clock.advance(1_000);
    const line = (n: number, stream: string) => expect.objectContaining({ message: JSON.stringify({ n, stream }) });
    expect(heard).toEqual([
      [group.logGroupName, 's', [line(0, 's'), line(1, 's')]],
      [group.logGroupName, 'other', [line(0, 'other')]],
    ]);
    end();
    write(1);
    await store.flush();
    expect(heard).toHaveLength(2);
  });

  it('says that lines were lost when they come faster than the disk takes them, and goes on', async () => {
    await store.stop();
    await open(1_000);
    write(100);
    await store.flush();
    expect(console).toEqual([expect.stringMatching(/^logs: \d+ lines were lost, too many at a time\./)]);
    expect((await filtered()).length).toBeLessThan(20);
    write(1, 's', 500);
    await store.flush();
    expect((await filtered()).at(-1)).toBe(500);
    expect(console[1]).toBe('logs: works again.');
  });

  it('makes a group at once where one is to be ensured, and keeps its files private', async () => {
    store.ensureGroup('/aws/lambda/f');
    store.put('/aws/lambda/f', 's', { timestampMs: 1, message: 'a' });
    await store.flush();
    await restart();
    expect(store.hasGroup('/aws/lambda/f')).toBe(true);
    const { mode } = await stat(join(folder, 'groups.json'));
    expect(mode & 0o077).toBe(0);
  });

  it('refuses a list of groups that is damaged, with the remedy', async () => {
    await writeFile(join(folder, 'groups.json'), '{');
    await expect(LogStore.open({ folder, clock })).rejects.toMatchObject({ name: 'DataFolderError' });
  });
});
