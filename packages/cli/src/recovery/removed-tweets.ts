import { DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';

import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from './context.ts';
import type { AcceptedTweet } from './evidence.ts';
import { describePipe } from './pipe.ts';
import { texts } from './redrive-marker.ts';

/**
 * The tweets that were removed within the last day, from the table's own stream. Their rows may not be in the archive
 * yet.
 */
export async function* removedTweets(context: RecoveryContext): AsyncGenerator<AcceptedTweet> {
  const { sourceArn: StreamArn } = await describePipe(context.clients, context.stack.TweetArchivePipeName);
  const { dynamodbStreams } = context.clients;
  let ExclusiveStartShardId: string | undefined;
  do {
    const { StreamDescription } = await dynamodbStreams.send(
      new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }),
    );
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId !== undefined) yield* ofShard(context, StreamArn, ShardId);
    }
    ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
  } while (ExclusiveStartShardId !== undefined);
}

/** An open shard has no end. Between its records there are few empty pages; after this many it is read to its tip. */
const mostEmptyPages = 20;

async function* ofShard(
  { clients }: RecoveryContext,
  StreamArn: string,
  ShardId: string,
): AsyncGenerator<AcceptedTweet> {
  const { ShardIterator: first } = await clients.dynamodbStreams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let ShardIterator = first;
  for (let empty = 0; ShardIterator !== undefined && empty < mostEmptyPages; ) {
    const answer = await clients.dynamodbStreams
      .send(new GetRecordsCommand({ ShardIterator }))
      .catch((error: unknown) => {
        // The oldest record left the stream since the last call.
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
