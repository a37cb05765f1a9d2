import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { RecoveryContext } from './context.ts';
import type { AcceptedTweet } from './evidence.ts';
import { texts } from './redrive-marker.ts';

/** Every tweet of the table; consistent, page by page. */
export async function* storedTweets({ clients, stack }: RecoveryContext): AsyncGenerator<AcceptedTweet> {
  const request = {
    TableName: stack.TweetTableName,
    ConsistentRead: true,
    ProjectionExpression: 'id, #record, hashtags',
    ExpressionAttributeNames: { '#record': 'record' },
  };
  for await (const { Items = [] } of paginateScan({ client: clients.dynamodb }, request)) {
    for (const { id, record, hashtags } of Items) {
      yield { id: id?.S ?? '', record: record?.S ?? '', hashtags: texts(hashtags) };
    }
  }
}
