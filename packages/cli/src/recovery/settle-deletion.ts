import type { Surroundings } from './surroundings.ts';
import { type TransactionEnd, transact } from './transaction.ts';
import { readTweet } from './tweet-evidence.ts';
import type { ExtractedDeletion } from './workflow-extraction.ts';

/**
 * Carries a delete notice out as the workflow does: the listing keeps its first notice and which record's tweet it
 * found, and the tweet goes, in one transaction that may be repeated.
 */
export async function settleDeletion(on: Surroundings, notice: ExtractedDeletion): Promise<TransactionEnd> {
  const { DeletionTableName, TweetTableName } = on.stack;
  const found = (await readTweet(on, notice.id))?.record?.S;
  return transact(on, [
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
