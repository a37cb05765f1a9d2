import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { StackOutputs } from '../stack/outputs.ts';
import { averageBytes } from '../tables/stored-bytes.ts';
import type { Usage } from './usage.ts';

/**
 * What a run used: the units of each stack, and the bytes of the items that it stored. The size of an item is the
 * average of its table, which may also hold items of earlier runs.
 */
export async function usageOf(
  units: Usage['units'],
  brought: { tweets: number; deletions: number },
  { dynamodb }: AwsClients,
  outputs: StackOutputs,
): Promise<Usage> {
  return {
    units,
    tweetBytes: brought.tweets * (await averageBytes(dynamodb, outputs.TweetTableName)),
    deletionBytes: brought.deletions * (await averageBytes(dynamodb, outputs.DeletionTableName)),
  };
}
