import { describe, expect, it } from '@jest/globals';
import { Batcher } from '../../../local/pipes/batcher.ts';
import { recordOf } from './fakes.ts';

const records = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => recordOf(from + i));
const numbers = (batch: readonly { sequenceNumber: string }[]) =>
  batch.map(({ sequenceNumber }) => Number(sequenceNumber));

describe('batches close', () => {
  it('at once without a window', () => {
    const batcher = new Batcher({ batchSize: 10, windowSeconds: 0 });
    batcher.add(records(1, 2), 1000);
    expect(batcher.dueInMs(1000)).toBe(0);
  });

  it('when the window of their oldest record is over', () => {
    const batcher = new Batcher({ batchSize: 10, windowSeconds: 2 });
    batcher.add(records(1, 1), 1000);
    batcher.add(records(2, 2), 2500);
    expect(batcher.dueInMs(2500)).toBe(500);
    expect(batcher.dueInMs(3000)).toBe(0);
  });

  it('when they are full, and leave the rest its own window', () => {
    const batcher = new Batcher({ batchSize: 2, windowSeconds: 60 });
    batcher.add(records(1, 3), 1000);
    expect(batcher.dueInMs(1000)).toBe(0);
    expect(numbers(batcher.take())).toEqual([1, 2]);
    expect(batcher.dueInMs(1000)).toBe(60_000);
  });

  it('at the payload limit, with a record over it alone', () => {
    const batcher = new Batcher({ batchSize: 10, windowSeconds: 60, payloadBytes: 2000 });
    batcher.add([recordOf(1), recordOf(2), recordOf(3, { big: 'x'.repeat(5000) }), recordOf(4)], 0);
    expect(batcher.dueInMs(0)).toBe(0);
    expect(numbers(batcher.take())).toEqual([1, 2]);
    expect(numbers(batcher.take())).toEqual([3]);
    expect(numbers(batcher.take())).toEqual([4]);
    expect(batcher.dueInMs(0)).toBeUndefined();
  });

  it('never empty, even when a cut asks for it', () => {
    const batcher = new Batcher({ batchSize: 10, windowSeconds: 0 });
    batcher.add(records(1, 3), 0);
    expect(numbers(batcher.take(0))).toEqual([1]);
  });
});
