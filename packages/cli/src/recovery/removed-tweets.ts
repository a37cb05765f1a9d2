import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';

import { isNamed } from '@tweet-pipes/kit/thrown';
import type { AcceptedTweet } from './evidence.ts';
import { describePipe } from './pipe.ts';
import { texts } from './redrive-marker.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The tweets that were removed within the last day and whose rows may still be on their way to the archive: from the
 * table's own stream.
 */
export async function* removedTweets(on: Surroundings): AsyncGenerator<AcceptedTweet> {
  const { sourceArn: StreamArn } = await describePipe(on.clients, on.stack.TweetArchivePipeName);
  const { dynamodbStreams } = on.clients;
  let ExclusiveStartShardId: string | undefined;
  do {
    const { StreamDescription } = await dynamodbStreams.send(
      new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }),
    );
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId !== undefined) yield* ofShard(on, StreamArn, ShardId);
    }
    ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
  } while (ExclusiveStartShardId !== undefined);
}

/** An open shard has no end; a day's worth of it comes in pages with records, or with few empty ones between. */
const mostEmptyPages = 20;

async function* ofShard({ clients }: Surroundings, StreamArn: string, ShardId: string): AsyncGenerator<AcceptedTweet> {
  const { ShardIterator: first } = await clients.dynamodbStreams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let ShardIterator = first;
  for (let empty = 0; ShardIterator !== undefined && empty < mostEmptyPages; ) {
    const answer = await clients.dynamodbStreams
      .send(new GetRecordsCommand({ ShardIterator }))
      .catch((error: unknown) => {
        // What was at the horizon a moment ago has left the stream.
        if (!isNamed(error, 'TrimmedDataAccessException')) throw error;
        return { Records: [], NextShardIterator: undefined };
      });
    const records = answer.Records ?? [];
    for (const { eventName, dynamodb } of records) {
      const { id, record, hashtags } = dynamodb?.OldImage ?? {};
      if (eventName === 'REMOVE' && id?.S !== undefined) {
        yield { id: id.S, record: record?.S ?? '', hashtags: texts(hashtags) };
      }
    }
    empty = records.length === 0 ? empty + 1 : 0;
    ShardIterator = answer.NextShardIterator;
  }
}
