import { describe, expect, it } from '@jest/globals';

import { ManualClock } from '@tweet-pipes/kit/clock';
import { type Controls, controlled } from '@tweet-pipes/producer/controlled';
import type { Source, StreamRecord } from '@tweet-pipes/producer/record';

function numbers(count: number): Source & { read: number } {
  return {
    read: 0,
    total: count,
    *records() {
      for (let id = 0; id < count; id += 1) {
        this.read += 1;
        yield { partitionKey: String(id), data: Buffer.from(`{"id":"${id}","extra":1}`) };
      }
    },
  };
}

async function all(source: Source, signal?: AbortSignal): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for await (const record of source.records(signal)) records.push(record);
  return records;
}

function under(source: Source, controls: Partial<Controls>): Source {
  return controlled(source, { clock: new ManualClock(), ...controls });
}

describe('a source under controls', () => {
  it('gives compact records, or raw ones', async () => {
    expect(String((await all(under(numbers(1), {})))[0]?.data)).toBe('{"id":"0"}');
    expect(String((await all(under(numbers(1), { isRaw: true })))[0]?.data)).toBe('{"id":"0","extra":1}');
  });

  it('stops at its limit without reading one more, and knows its total', async () => {
    const source = numbers(10);
    const limited = under(source, { limit: 3 });
    expect(await all(limited)).toHaveLength(3);
    expect([source.read, limited.total, limited.isEndless]).toEqual([3, 3, undefined]);
    expect(under(source, { limit: 30 }).total).toBe(10);
    expect(under(source, { durationSeconds: 1 }).total).toBeUndefined();
  });

  it('restarts at the end, with the same records, and is endless unless limited', async () => {
    const looped = under(numbers(3), { isLooped: true, limit: 7 });
    expect((await all(looped)).map(({ partitionKey }) => partitionKey).join('')).toBe('0120120');
    expect([looped.total, looped.isEndless]).toEqual([7, undefined]);
    expect(under(numbers(3), { isLooped: true }).isEndless).toBe(true);
    expect(await all(under(numbers(0), { isLooped: true }))).toEqual([]);
  });

  it('is paced evenly, and catches up on a second at most', async () => {
    const clock = new ManualClock();
    const startMs = clock.now();
    const times: number[] = [];
    const reading = (async () => {
      for await (const _ of under(numbers(30), { clock, rate: 10 }).records()) {
        times.push(clock.now() - startMs);
        if (times.length === 5) await clock.sleep(5000);
      }
    })();
    for (let turns = 0; turns < 100; turns += 1) await clock.advance(100);
    await reading;
    expect(times.slice(0, 5)).toEqual([0, 100, 200, 300, 400]);
    expect(times.filter((time) => time === 5400)).toHaveLength(11);
    expect(times.slice(-2)).toEqual([6700, 6800]);
  });

  it('ends after its duration or on abort, also while the source is silent', async () => {
    const clock = new ManualClock();
    const silent: Source = {
      async *records() {
        yield { partitionKey: '1', data: Buffer.from('1') };
        await new Promise(() => {});
      },
    };
    const reading = all(under(silent, { clock, durationSeconds: 2 }));
    await clock.advance(2000);
    expect(await reading).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
    const abort = new AbortController();
    const stopped = all(under(silent, { clock }), abort.signal);
    await clock.advance(0);
    abort.abort();
    expect(await stopped).toHaveLength(1);
  });
});
