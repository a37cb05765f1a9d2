import { isJsonObject, type Json, type JsonObject } from '@tweet-pipes/kit/json';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
const MOST_SHARDS = 100;

/**
 * The page of an answer to DescribeStream that its request asks for. dynoxide answers every shard whatever it is
 * asked. The page of an engine that honours the request stays as it is. `request` and `answer` have the API's names.
 */
export function streamPage(request: JsonObject, answer: JsonObject): JsonObject {
  const { StreamDescription: stream } = answer;
  if (!isJsonObject(stream) || !Array.isArray(stream.Shards)) return answer;
  const { ShardFilter: filter, ExclusiveStartShardId: after, Limit: limit } = request;
  const parent = isJsonObject(filter) && filter.Type === 'CHILD_SHARDS' ? filter.ShardId : undefined;
  const wanted = stream.Shards.filter((shard) => parent === undefined || memberOf(shard, 'ParentShardId') === parent);
  // Zero where the engine has left out the shards before.
  const start = wanted.findIndex((shard) => memberOf(shard, 'ShardId') === after) + 1;
  const end = start + (typeof limit === 'number' && limit > 0 ? Math.min(limit, MOST_SHARDS) : MOST_SHARDS);
  const Shards = wanted.slice(start, end);
  const last = end < wanted.length ? memberOf(Shards.at(-1), 'ShardId') : stream.LastEvaluatedShardId;
  const { LastEvaluatedShardId: _, ...facts } = stream;
  return {
    ...answer,
    StreamDescription: { ...facts, Shards, ...(last === undefined ? {} : { LastEvaluatedShardId: last }) },
  };
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
