import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { streamPage } from '../../src/engines/stream-page.ts';

const shards = ['a', 'b', 'c', 'd'].map((ShardId) => ({ ShardId, ...(ShardId === 'c' ? { ParentShardId: 'a' } : {}) }));
const answerOf = (Shards: JsonObject[], more: JsonObject = {}): JsonObject => ({
  StreamDescription: { StreamArn: 'arn', Shards, ...more },
});

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
describe('a page of DescribeStream', () => {
  it.each<[string, JsonObject, string, string | undefined]>([
    ['without limits', {}, 'abcd', undefined],
    ['up to Limit', { Limit: 2 }, 'ab', 'b'],
    ['up to a Limit that is the number of shards', { Limit: 4 }, 'abcd', undefined],
    ['after a shard', { ExclusiveStartShardId: 'b' }, 'cd', undefined],
    ['after a shard, up to Limit', { ExclusiveStartShardId: 'a', Limit: 1 }, 'b', 'b'],
    ['after the last shard', { ExclusiveStartShardId: 'd' }, '', undefined],
    ['of the children of a shard', { ShardFilter: { Type: 'CHILD_SHARDS', ShardId: 'a' } }, 'c', undefined],
    ['of the children of an open shard', { ShardFilter: { Type: 'CHILD_SHARDS', ShardId: 'd' } }, '', undefined],
  ])('%s', (_case, request, ids, last) => {
    const { StreamDescription } = streamPage(request, answerOf(shards));
    expect(StreamDescription).toEqual({
      StreamArn: 'arn',
      Shards: shards.filter(({ ShardId }) => ids.includes(ShardId)),
      ...(last === undefined ? {} : { LastEvaluatedShardId: last }),
    });
  });

  it('of an engine that gives pages stays as it is', () => {
    const answer = answerOf(shards.slice(1, 3), { LastEvaluatedShardId: 'c' });
    expect(streamPage({ ExclusiveStartShardId: 'a', Limit: 2 }, answer)).toEqual(answer);
  });

  it('is not made of an error', () => {
    expect(streamPage({ Limit: 1 }, { __type: 'ResourceNotFoundException' })).toEqual({
      __type: 'ResourceNotFoundException',
    });
  });
});
