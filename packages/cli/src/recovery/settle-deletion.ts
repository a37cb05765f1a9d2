import type { RecoveryContext } from './context.ts';
import { type TransactionEnd, transact } from './transaction.ts';
import { readTweet } from './tweet-evidence.ts';
import type { ExtractedDeletion } from './workflow-extraction.ts';

/**
 * Carries a delete notice out as the workflow does, in one idempotent transaction: writes the tombstone, which keeps
 * its first notice and the record of the tweet that it removed, and deletes the tweet.
 */
export async function settleDeletion(context: RecoveryContext, notice: ExtractedDeletion): Promise<TransactionEnd> {
  const { DeletionTableName, TweetTableName } = context.stack;
  const found = (await readTweet(context, notice.id))?.record?.S;
  return transact(context, [
    {
      Update: {
        TableName: DeletionTableName,
        Key: { id: { S: notice.id } },
        UpdateExpression:
          'SET #record = if_not_exists(#record, :record), deletedAt = if_not_exists(deletedAt, :deletedAt), tweetRecord = if_not_exists(tweetRecord, :tweetRecord), expiresAt = if_not_exists(expiresAt, :expiresAt)',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: {
          ':record': { S: notice.record },
          ':deletedAt': { S: notice.deletedAt },
          ':tweetRecord': { S: found ?? '' },
          ':expiresAt': { N: String(notice.expiresAt) },
        },
      },
    },
    { Delete: { TableName: TweetTableName, Key: { id: { S: notice.id } } } },
  ]);
}
