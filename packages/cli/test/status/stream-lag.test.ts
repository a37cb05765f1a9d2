import { expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { readStreamLag } from '../../src/status/stream-lag.ts';
import { fakeClients } from '../console/fake-clients.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html has `SHARD`. */
it('names no attribute in an expression by a word that DynamoDB reserves', async () => {
  const asked: unknown[] = [];
  const clients = await fakeClients({
    ListShardsCommand: () => ({ Shards: [{ ShardId: 'shardId-0' }] }),
    BatchGetItemCommand: ({ RequestItems }) => {
      asked.push(RequestItems);
      return { Responses: {} };
    },
    GetShardIteratorCommand: () => ({ ShardIterator: 'first' }),
    GetRecordsCommand: () => ({ Records: [], MillisBehindLatest: 0 }),
  });
  const source = { clients, clock: new ManualClock(), streamName: 's', shardTable: 'Shards', deadLetters: [] };
  expect(await readStreamLag(source)).toMatchObject({ records: 0, isAtLeast: false });
  expect(asked).toEqual([
    {
      Shards: expect.objectContaining({
        ProjectionExpression: '#shard, storedUpTo',
        ExpressionAttributeNames: { '#shard': 'shard' },
      }),
    },
  ]);
});
