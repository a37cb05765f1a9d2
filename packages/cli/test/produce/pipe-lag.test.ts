import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import * as z from 'zod';
import { PipeLag } from '../../src/produce/pipe-lag.ts';

const request = z.object({
  input: z.object({
    RequestItems: z.object({ tweets: z.object({ Keys: z.array(z.object({ id: z.object({ S: z.string() }) })) }) }),
  }),
});

let clock: ManualClock;
let stored: Map<string, string>;
let asked: string[][];
let failure: Error | undefined;
let lag: PipeLag;
beforeEach(() => {
  [clock, stored, asked, failure] = [new ManualClock(), new Map(), [], undefined];
  const client = {
    async send(command: unknown) {
      if (failure !== undefined) throw failure;
      const ids = request.parse(command).input.RequestItems.tweets.Keys.map(({ id }) => id.S);
      asked.push(ids);
      const tweets = ids.flatMap((id) => {
        const record = stored.get(id);
        return record === undefined ? [] : [{ id: { S: id }, record: { S: record } }];
      });
      return { Responses: { tweets } };
    },
  };
  lag = new PipeLag({ client, name: 'tweets' }, clock);
});

describe('the lag of the pipe', () => {
  it('is how long a tweet took into the table, or has taken so far', async () => {
    lag.landed('1', 's:1');
    await lag.look();
    expect(lag.seconds).toBeUndefined();
    await clock.advance(2000);
    stored.set('1', 's:1');
    await lag.look();
    expect(lag.seconds).toBe(2);
    await clock.advance(60_000);
    expect(lag.seconds).toBe(2);
    lag.landed('2', 's:2');
    await lag.look();
    await clock.advance(7000);
    expect(lag.seconds).toBe(7);
    expect(asked).toEqual([['1'], ['1'], ['2']]);
  });

  it('says so when not even the first tweet arrives, and forgets it in the end', async () => {
    lag.landed('1', 's:1');
    await lag.look();
    await clock.advance(6000);
    expect(lag.seconds).toBe(6);
    await clock.advance(120_000);
    await lag.look();
    expect(lag.seconds).toBeUndefined();
  });

  it('is told neither by a duplicate nor by a record that is never stored', async () => {
    stored.set('duplicate', 's:0');
    lag.landed('duplicate', 's:5');
    await lag.look();
    expect(lag.seconds).toBeUndefined();
    lag.landed('never', 's:6');
    await lag.look();
    await clock.advance(1000);
    lag.landed('later', 's:7');
    await lag.look();
    stored.set('later', 's:7');
    await clock.advance(1000);
    await lag.look();
    await clock.advance(50_000);
    expect(lag.seconds).toBe(1);
  });

  it('asks for five at a time at most, and for nothing where it may not read', async () => {
    for (let id = 0; id < 9; id += 1) {
      lag.landed(String(id), 's:1');
      await lag.look();
    }
    expect(asked.at(-1)).toEqual(['0', '1', '2', '3', '4']);
    failure = new Error('AccessDeniedException');
    await lag.look();
    failure = undefined;
    lag.landed('10', 's:1');
    await lag.look();
    expect([asked.length, lag.seconds]).toEqual([9, undefined]);
  });
});
