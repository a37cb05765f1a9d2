import { expect, it } from '@jest/globals';
import { parseDefinition } from '@tweet-pipes/local-aws/states/definition/parse-definition';
import { ingestDefinition } from '../../../../../test/statemachines/ingest-fixture.ts';
import type { LandedRecord } from '../../../src/bench/drain.ts';
import { callsOf, deliveredBatches } from '../../../src/bench/headline/workflow-calls.ts';

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

it('halves the batches that the workflow refuses, until their parts fit', () => {
  const text = '日'.repeat(10_000); // 30,000 bytes, so that eight are 240,000.
  const large = (id: string): LandedRecord => ({
    ...tweet(id),
    record: { partitionKey: id, data: Buffer.from(JSON.stringify({ id_str: id, text })) },
  });
  const landed = Array.from({ length: 17 }, (_, index) => large(String(100 + index)));
  const small = ['117', '118'].map((id) => tweet(id));

  const sizes = deliveredBatches([...landed, ...small], 17).map((shard) => shard.map((batch) => batch.length));

  expect(sizes).toEqual([[5, 4, 8, 2]]);
});
