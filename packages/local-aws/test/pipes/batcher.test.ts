import { describe, expect, it } from '@jest/globals';
import { Batcher } from '../../src/pipes/batcher.ts';
import { readCases, recordOf } from './fixture.ts';

const records = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => recordOf(from + i));
const numbers = (batch: readonly { sequenceNumber: string }[]) =>
  batch.map(({ sequenceNumber }) => Number(sequenceNumber));

interface Input {
  batchSize: number;
  windowSeconds: number;
  /** When each was read, in seconds, and its size in the payload. */
  records: { at: number; kilobytes?: number }[];
}

interface Batch {
  at: number;
  records: number[];
}

/** What a worker does: whenever something was read or a window ends, it takes every batch that is due. */
function closed(input: Input): Batch[] {
  const batcher = new Batcher(input);
  const batches: Batch[] = [];
  const takeDue = (nowMs: number) => {
    while (batcher.dueInMs(nowMs) === 0) batches.push({ at: nowMs / 1000, records: numbers(batcher.take()) });
  };
  const times = [...new Set(input.records.map(({ at }) => at * 1000)), Number.POSITIVE_INFINITY];
  let nowMs = 0;
  for (const nextMs of times) {
    for (let due = batcher.dueInMs(nowMs); due !== undefined && nowMs + due < nextMs; due = batcher.dueInMs(nowMs)) {
      nowMs += due;
      takeDue(nowMs);
    }
    nowMs = nextMs;
    const read = input.records.flatMap(({ at, kilobytes = 1 }, index) =>
      at * 1000 === nowMs ? [{ ...recordOf(index + 1), bytes: kilobytes * 1000 }] : [],
    );
    if (read.length === 0) continue;
    batcher.add(read, nowMs);
    takeDue(nowMs);
  }
  return batches;
}

describe('batches close', () => {
  const cases = readCases<Input, Batch[]>(new URL('cases/batching.json', import.meta.url));
  it.each(cases)('$name', ({ input, expected }) => {
    expect(closed(input)).toEqual(expected);
  });

  it('never empty, even when a cut asks for it', () => {
    const batcher = new Batcher({ batchSize: 10, windowSeconds: 0 });
    batcher.add(records(1, 3), 0);
    expect(numbers(batcher.take(0))).toEqual([1]);
  });
});
