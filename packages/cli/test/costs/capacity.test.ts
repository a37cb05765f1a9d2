import { describe, expect, it } from '@jest/globals';
import { onDemandShards, provisionedShards, recordsPerBatch } from '../../src/costs/capacity.ts';

describe('shards', () => {
  it.each([
    [{ recordsPerSecond: 1, bytesPerRecord: 400 }, 4, 1],
    [{ recordsPerSecond: 10_000, bytesPerRecord: 400 }, 20, 15],
    [{ recordsPerSecond: 10_000, bytesPerRecord: 5_000 }, 100, 72],
  ])('for %j are %d on demand and %d provisioned', (load, onDemand, provisioned) => {
    expect(onDemandShards(load)).toBe(onDemand);
    expect(provisionedShards(load)).toBe(provisioned);
  });
});

describe('a batch', () => {
  const batching = { batchSize: 100, windowSeconds: 1, executionSeconds: 0.3 };

  it('holds what comes within the window after its first record', () => {
    expect(recordsPerBatch(20, batching)).toBe(21);
    expect(recordsPerBatch(0.01, batching)).toBeCloseTo(1.01);
  });

  it('holds no more than its size', () => {
    expect(recordsPerBatch(500, batching)).toBe(100);
  });

  it('holds without a window what gathers while the one before is worked on', () => {
    expect(recordsPerBatch(200, { ...batching, windowSeconds: 0 })).toBe(60);
    expect(recordsPerBatch(1, { ...batching, windowSeconds: 0 })).toBe(1);
  });
});
