import type { AwsClients } from '../aws/clients.ts';
import type { Usage } from '../costs/usage.ts';
import type { Units } from '../local/meter/metered.ts';
import type { StackOutputs } from './stack-outputs.ts';
import { averageItemBytes } from './stored-bytes.ts';

/** What a run used: its units, and the items that it left, `tweets` and `deletions` of them, at the average size of their tables. */
export async function usageOf(
  units: Units,
  left: { tweets: number; deletions: number },
  { dynamodb }: AwsClients,
  outputs: StackOutputs,
): Promise<Usage> {
  return {
    units,
    tweetBytes: left.tweets * (await averageItemBytes(dynamodb, outputs.TweetTableName)),
    deletionBytes: left.deletions * (await averageItemBytes(dynamodb, outputs.DeletionTableName)),
  };
}
