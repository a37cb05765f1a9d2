import { expect, it } from '@jest/globals';
import { readAppFacts } from '@tweet-pipes/cli/costs/stack-facts';
import { synthesizeTemplate } from '@tweet-pipes/cli/synthesize-template';
import { paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { fullShardRate, scenario } from '../../../src/scale/simulation/scenario.ts';
import { largestAccepted } from '../../../src/scale/simulation/workflow.ts';

it.each([
  [380, 1_000],
  [1_029, 1_000],
  [3_070, 339],
  [10_240, 102],
])('fills a shard with records of %i bytes and a key of 19 at %i a second: 1,000 or 1 MiB', (bytes, expected) => {
  expect(fullShardRate(bytes, paceTable())).toBe(expected);
});

it.each([
  [320, 819, 320],
  [320, 820, 160],
  [320, 3_200, 80],
  [324, 3_200, 81],
  [81, 262_145, 1],
])('halves %i records of %i bytes of input to %i', (batchSize, inputBytesPerTweet, expected) => {
  expect(largestAccepted({ batchSize, inputBytesPerTweet })).toBe(expected);
});

it('has the default options of the stack', async () => {
  const { pipeline } = readAppFacts({ TweetPipes: await synthesizeTemplate() });
  const { batchSize, windowSeconds } = scenario();
  expect({ batchSize, windowSeconds }).toEqual({
    batchSize: pipeline.ingestBatchSize,
    windowSeconds: pipeline.ingestBatchWindowSeconds,
  });
});
