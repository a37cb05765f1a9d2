import { expect, it } from '@jest/globals';

import { batchesOf, fullBatches, type LandedRecord } from '../../src/bench/drain.ts';

const landed = (shardId: string, sequenceNumber: string): LandedRecord => ({
  record: { partitionKey: sequenceNumber, data: Buffer.from('{}') },
  shardId,
  sequenceNumber,
});

it("makes batches of each shard's records in the order of their sequence numbers, which are numbers and not text", () => {
  const batches = batchesOf([landed('a', '10'), landed('b', '5'), landed('a', '9'), landed('a', '11')], 2);

  expect(batches.map((shard) => shard.map((batch) => batch.map(({ sequenceNumber }) => sequenceNumber)))).toEqual([
    [['9', '10'], ['11']],
    [['5']],
  ]);
});

it.each([
  [2_400, 100, 1, 2_400],
  [2_400, 320, 4, 2_560],
  [1, 320, 1, 320],
])('takes at least %i records in full batches of %i on %i shards: %i', (least, batchSize, shards, expected) => {
  expect(fullBatches(least, batchSize, shards)).toBe(expected);
});
