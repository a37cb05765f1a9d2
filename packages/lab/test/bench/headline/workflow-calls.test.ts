import { expect, it } from '@jest/globals';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { ingestDefinition } from '../../../../../test/statemachines/ingest-fixture.ts';
import type { LandedRecord } from '../../../src/bench/drain.ts';
import { callsOf } from '../../../src/bench/headline/workflow-calls.ts';

const tweet = (id: string, ...hashtags: string[]): LandedRecord => ({
  record: {
    partitionKey: id,
    data: Buffer.from(JSON.stringify({ id_str: id, entities: { hashtags: hashtags.map((text) => ({ text })) } })),
  },
  shardId: 'shardId-000000000000',
  sequenceNumber: `4960${id}`,
});

it('gives the calls that the workflow makes: the look at deletions, INSERTs, the mark, one update for each hashtag', async () => {
  const batch = Array.from({ length: 30 }, (_, index) => tweet(String(100 + index), 'all', `tag${index % 2}`));

  const { lookUps, inserts, marks, updates } = await callsOf(
    parseDefinition(JSON.stringify(ingestDefinition())),
    batch,
  );

  expect([lookUps, inserts, marks, updates].map((calls) => calls.length)).toEqual([1, 2, 1, 3]);
  expect(updates.map(({ input }) => input.ExpressionAttributeValues)).toMatchObject([
    { ':n': { N: '30' } },
    { ':n': { N: '15' } },
    { ':n': { N: '15' } },
  ]);
});
