import { ManualClock } from '@tweet-pipes/kit/clock';
import type { ConsoleContext } from '../../src/console/console-context.ts';
import { type Answers, fakeClients } from './fake-clients.ts';

const coreOutputs = {
  TweetStreamName: 'Tweets',
  HashtagTableName: 'Hashtags',
  TweetTableName: 'TweetItems',
  DeletionTableName: 'Deletions',
  ShardTableName: 'Shards',
  ArchiveBucketName: 'archive',
  IngestPipeName: 'Ingest',
  TweetArchivePipeName: 'TweetArchive',
  HashtagArchivePipeName: 'HashtagArchive',
  WorkflowArn: 'arn:aws:states:us-east-1:1:stateMachine:Ingest',
};
const lakeOutputs = {
  LakeBucketName: 'lake',
  LakeDatabaseName: 'lake',
  LakeDeliveryStreamName: 'ToLake',
  LakeCrawlerName: 'Crawler',
  WorkGroupName: 'TweetLake',
  ArchiveContent: 'full',
};
const stacks: Record<string, Record<string, string>> = { TweetPipes: coreOutputs, TweetLake: lakeOutputs };

/** A local context of the core and the lake of tweets, whose clients give these answers. */
export async function contextOf(answers: Answers, names = ['TweetPipes', 'TweetLake']): Promise<ConsoleContext> {
  const clients = await fakeClients({
    ListStacksCommand: () => ({
      StackSummaries: names.map((StackName) => ({ StackName, StackStatus: 'CREATE_COMPLETE' })),
    }),
    DescribeStacksCommand: ({ StackName }) => ({
      Stacks: !names.includes(String(StackName))
        ? []
        : [
            {
              StackStatus: 'CREATE_COMPLETE',
              Outputs: Object.entries(stacks[String(StackName)] ?? {}).map(([OutputKey, OutputValue]) => ({
                OutputKey,
                OutputValue,
              })),
            },
          ],
    }),
    ...answers,
  });
  return {
    clients,
    clock: new ManualClock(),
    ...{ place: 'local', endpoint: 'http://127.0.0.1:9', region: 'us-east-1' },
    stacks: names.map((name) => ({ name, outputs: stacks[name] ?? {} })),
  };
}
