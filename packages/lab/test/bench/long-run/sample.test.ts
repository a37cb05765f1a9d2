import { describe, expect, it } from '@jest/globals';
import { type Sample, tenths } from '../../../src/bench/long-run/sample.ts';

const disk = (kinesis: number): Sample['disk'] => ({
  dynamodb: 0,
  kinesis,
  objects: 0,
  firehose: 0,
  pipes: 0,
});

describe('the tenths of a long run', () => {
  it('have the throughput and the peak of the samples within them, and the disk of the last', () => {
    const samples: Sample[] = Array.from({ length: 21 }, (_, index) => ({
      seconds: index,
      done: index * 50,
      resident: { runtime: index === 3 ? 500 : 100, dynamodb: 10, functions: 5 },
      proportional: 90 + index,
      // The engine had used a second before the first record came.
      cpuSeconds: { runtime: index * 0.5, dynamodb: 1 + index * 0.25, functions: 0 },
      disk: disk(index),
    }));
    const parts = tenths(samples);
    expect(parts).toHaveLength(10);
    expect(parts.map(({ recordsPerSecond }) => recordsPerSecond)).toEqual(Array(10).fill(50));
    expect(parts.map(({ peakResidentMegabytes }) => peakResidentMegabytes)).toEqual([115, 515, ...Array(8).fill(115)]);
    expect(parts[1]).toMatchObject({
      done: 200,
      disk: disk(4),
      peakResident: { runtime: 500 },
      peakProportionalMegabytes: 94,
    });
    expect(parts.map((part) => part.cpuMillisecondsPerRecord)).toEqual(
      Array(10).fill({ runtime: 10, dynamodb: 5, functions: 0 }),
    );
  });

  it('are fewer when a look saw more than a tenth go by, and none without a look', () => {
    const resident = { runtime: 1, dynamodb: 0, functions: 0 };
    const rest = { resident, proportional: 1, cpuSeconds: resident, disk: disk(0) };
    const samples = [0, 600, 1_000].map((done, index) => ({ seconds: index, done, ...rest }));
    expect(tenths(samples).map(({ done, recordsPerSecond }) => [done, recordsPerSecond])).toEqual([
      [600, 600],
      [1_000, 400],
    ]);
    expect(tenths([])).toEqual([]);
  });
});
