import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { poll } from '../src/live.ts';

const everyMs = 2_000;
let clock: ManualClock;
let calls: number[];
let data: number[];
let problems: unknown[];
let isAway: boolean;
let isPart: (value: number) => boolean;
let show: PromiseWithResolvers<void> | undefined;
let stop: AbortController;

function start(): Promise<void> {
  return poll(
    {
      everyMs,
      soonMs: 100,
      clock,
      async load() {
        calls.push(clock.now());
        if (isAway) throw new Error('away');
        return calls.length;
      },
      visibility: {
        get isVisible() {
          return show === undefined;
        },
        visible: () => show?.promise ?? Promise.resolve(),
      },
      isPart: (value) => isPart(value),
      onData: (value) => data.push(value),
      onProblem: (problem) => problems.push(problem),
    },
    stop.signal,
  );
}

beforeEach(() => {
  [calls, data, problems, isAway, show] = [[], [], [], false, undefined];
  isPart = () => false;
  clock = new ManualClock(0);
  stop = new AbortController();
});

describe('polling', () => {
  it('loads at once and after each pause', async () => {
    const polling = start();
    await clock.advance(2 * everyMs);
    expect(calls).toEqual([0, everyMs, 2 * everyMs]);
    expect(data).toEqual([1, 2, 3]);
    stop.abort();
    await polling;
  });

  it('goes on at once while an answer is a part', async () => {
    isPart = (value) => value < 3;
    const polling = start();
    await clock.advance(everyMs);
    expect(calls).toEqual([0, 100, 200]);
    await clock.advance(200);
    expect(calls).toEqual([0, 100, 200, 2_200]);
    stop.abort();
    await polling;
  });

  it('rests while nobody sees the page, and catches up when it is seen', async () => {
    const polling = start();
    await clock.advance(0);
    show = Promise.withResolvers();
    await clock.advance(60_000);
    expect(calls).toEqual([0]);
    show.resolve();
    show = undefined;
    await clock.advance(0);
    expect(calls).toEqual([0, 60_000]);
    stop.abort();
    await polling;
  });

  it('waits up to five seconds between calls that fail, and goes on', async () => {
    isAway = true;
    const polling = start();
    await clock.advance(16_000);
    expect(calls).toEqual([0, 2_000, 4_000, 8_000, 13_000]);
    expect(problems).toHaveLength(5);
    isAway = false;
    await clock.advance(4_000);
    expect(data).toEqual([6, 7]);
    stop.abort();
    await polling;
  });

  it('tells nothing more once it is stopped', async () => {
    const polling = start();
    stop.abort();
    await polling;
    expect({ data, problems }).toEqual({ data: [], problems: [] });
  });
});
