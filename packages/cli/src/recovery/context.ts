import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';

/** The stack to recover, by the names of its outputs. */
export interface RecoveredStack {
  TweetStreamName: string;
  HashtagTableName: string;
  TweetTableName: string;
  DeletionTableName: string;
  ShardTableName: string;
  ArchiveBucketName: string;
  IngestPipeName: string;
  TweetArchivePipeName: string;
  HashtagArchivePipeName: string;
  WorkflowArn: string;
}

/** What every recovery works with. The clients decide whether it works on AWS or on the local runtime. */
export interface RecoveryTools {
  clients: AwsClients;
  clock: Clock;
  random: Random;
  /** Ends the recovery between two records. */
  signal: AbortSignal;
  /** Shows a line about what the recovery waits for. */
  note(line: string): void;
}

/** What a recovery of the pipeline of tweets needs. */
export interface RecoveryContext extends RecoveryTools {
  stack: RecoveredStack;
}
