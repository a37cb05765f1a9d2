import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { StartTimeoutError, StartWatch } from '../src/start-watch.ts';

let clock: ManualClock;
let lines: string[];
let watch: StartWatch;
beforeEach(() => {
  clock = new ManualClock();
  lines = [];
  watch = new StartWatch(clock, (line) => lines.push(line));
});

const never = () => new Promise<never>(() => {});

describe('a start', () => {
  it('tells every ten seconds what it waits for, and is given up after two minutes without progress', async () => {
    const start = Promise.all([watch.step('Kinesis', never), watch.step('the template', async () => 1)]);
    const outcome = watch.guard(start).catch((error: unknown) => error);
    await clock.advance(25_000);
    expect(lines).toEqual([
      'Still starting: waiting for Kinesis (10 s).',
      'Still starting: waiting for Kinesis (20 s).',
    ]);
    await clock.advance(100_000);
    const error = await outcome;
    expect(error).toBeInstanceOf(StartTimeoutError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^The start was given up after 120 s of waiting for Kinesis\. .*doctor/),
    });
    expect(clock.sleeping).toBe(0);
  });

  it('that makes progress is not given up, and one that ends is silent', async () => {
    const slow = async () => {
      for (const what of ['a', 'b', 'c']) await watch.step(what, () => clock.sleep(90_000));
      return 'started';
    };
    const outcome = watch.guard(slow());
    await clock.advance(270_000);
    expect(await outcome).toBe('started');
    const before = lines.length;
    await clock.advance(600_000);
    expect(lines.length).toBe(before);
  });

  it('passes on what goes wrong', async () => {
    const failure = new Error('no engine');
    await expect(watch.guard(watch.step('a', () => Promise.reject(failure)))).rejects.toBe(failure);
  });
});
