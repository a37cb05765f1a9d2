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

/** What every recovery works with. The clients decide whether that is AWS or this machine; nothing here knows. */
export interface Surroundings {
  clients: AwsClients;
  stack: RecoveredStack;
  clock: Clock;
  random: Random;
  /** Ends the work between two records. */
  signal: AbortSignal;
  /** One line for people about what is waited for. */
  note(line: string): void;
}
