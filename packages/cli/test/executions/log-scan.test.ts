import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { LogScan } from '../../src/executions/log-scan.ts';
import { executionEvent, FakeLog } from './fake-log.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
let clock: ManualClock;
let log: FakeLog;
let seen: number[];
let scan: LogScan;

beforeEach(() => {
  clock = new ManualClock();
  log = new FakeLog();
  seen = [];
  scan = new LogScan({
    read: log.read,
    clock,
    logGroupName: 'group',
    pattern: '{ $.type = "Execution*" }',
    onEvents: (events) =>
      void seen.push(...events.map(({ executionArn }) => Number(/e(\d+):/.exec(executionArn)?.[1]))),
  });
});

const put = (n: number, agoMs: number) => log.events.push(executionEvent(n, 'ExecutionStarted', clock.now() - agoMs));

describe('a scan of a log', () => {
  it('reads the latest first, and all that was asked for', async () => {
    for (const [n, ago] of [
      [1, 3 * day],
      [2, 20 * 60 * minute],
      [3, 90 * minute],
      [4, minute / 2],
    ] as const)
      put(n, ago);
    expect(await scan.extend(clock.now() - day, minute)).toEqual({ fromMs: clock.now() - day, isComplete: true });
    expect([...new Set(seen)]).toEqual([4, 3, 2]);
  });

  it('ends after its budget and goes on where it was', async () => {
    log.pageSize = 1;
    for (let n = 1; n <= 6; n += 1) put(n, n * 10 * minute);
    log.onPage = () => clock.advance(400);
    const fromMs = clock.now() - 3 * 60 * minute;
    const first = await scan.extend(fromMs, 1_000);
    expect(first.isComplete).toBe(false);
    let calls = 1;
    while (!(await scan.extend(fromMs, 1_000)).isComplete) calls += 1;
    expect(calls).toBeGreaterThan(1);
    expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('reads what is new, and what came late, without reading the old again', async () => {
    put(1, 10 * minute);
    await scan.extend(clock.now() - 60 * minute, minute);
    await clock.advance(2 * minute);
    put(2, minute);
    await scan.extend(clock.now() - 60 * minute, minute);
    put(3, 10_000);
    seen = [];
    log.ranges.length = 0;
    await scan.extend(clock.now() - 60 * minute, minute);
    expect(seen).toContain(3);
    expect(Math.min(...log.ranges.map(({ fromMs }) => fromMs))).toBeGreaterThan(clock.now() - 2 * minute);
  });

  it('goes on after a failure', async () => {
    put(1, 10 * minute);
    log.onPage = () => {
      log.onPage = () => {};
      throw new Error('throttled');
    };
    await expect(scan.extend(clock.now() - 60 * minute, minute)).rejects.toThrow('throttled');
    expect(await scan.extend(clock.now() - 60 * minute, minute)).toMatchObject({ isComplete: true });
    expect(seen).toEqual([1]);
  });

  it('reads once for callers at the same time', async () => {
    put(1, minute / 2);
    await Promise.all([scan.extend(clock.now() - minute, minute), scan.extend(clock.now() - minute, minute)]);
    expect(log.ranges).toHaveLength(2);
  });
});
