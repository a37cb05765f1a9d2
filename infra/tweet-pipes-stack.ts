import { Annotations, CfnOutput, Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from './config.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms/alarms.ts';
import { ArchiveBucket } from './constructs/archive-bucket.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { FlattenFunction } from './constructs/flatten-function.ts';
import { IngestPipe } from './constructs/ingest-pipe.ts';
import { IngestWorkflow } from './constructs/ingest-workflow.ts';
import { MonthlyBudget } from './constructs/monthly-budget.ts';
import { type Removal, RemovalArchive } from './constructs/removal-archive.ts';
import { streamArnOf } from './constructs/table-stream.ts';
import { Tables } from './constructs/tables.ts';
import { TweetStream } from './constructs/tweet-stream.ts';

/** X's developer policy, "Content compliance". The CDK CLI prints it. */
const contentNotice =
  'The archive keeps the text of deleted tweets. X asks you to remove it as soon as possible, within 24 hours of a request; -c tweetPipes:archiveContent=keys keeps none (docs/privacy.md).';

/** The options of the stack, and what every CDK stack takes. */
export interface TweetPipesStackProps extends StackProps, ConfiguredProps {}

/**
 * The core pipeline: tweets in, exact hashtag counts in DynamoDB, removals as files in S3. Programs find its resources
 * by its outputs.
 */
export class TweetPipesStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: TweetPipesStackProps) {
    super(scope, id, props);
    if (config.archiveContent === 'full') {
      Annotations.of(this).addInfoV2('tweet-pipes:archiveContent', contentNotice);
    }
    const stream = new TweetStream(this, 'TweetStream', { config });
    const tables = new Tables(this, 'Tables', { config });
    const bucket = new ArchiveBucket(this, 'ArchiveBucket', { config });

    const workflow = new IngestWorkflow(this, 'IngestWorkflow', { stream, tables, bucket, config });
    const { stateMachineArn } = workflow;
    const ingest = new IngestPipe(this, 'Ingest', { stream, stateMachineArn, config });

    const { tweets, hashtags } = tables;
    const flattening = new FlattenFunction(this, 'FlattenRemovals', { tables: { tweets, hashtags }, config });
    const flatten = flattening.function;
    const archive = (id: string, label: 'tweets' | 'hashtags', removedBy: readonly Removal[]) =>
      new RemovalArchive(this, id, { table: tables[label], label, removedBy, flatten, bucket, config });
    const tweetArchive = archive('TweetArchive', 'tweets', ['expiry', 'deleteItem', 'transactWriteItems']);
    const hashtagArchive = archive('HashtagArchive', 'hashtags', ['deleteItem']);

    const { topic } = new AlarmTopic(this, 'AlarmTopic', { config });
    const watched = { stream, stateMachineArn, ingest, flatten, bucket };
    const { alarms } = new Alarms(this, 'Alarms', {
      ...watched,
      archives: { TweetArchive: tweetArchive, HashtagArchive: hashtagArchive },
      topic,
      config,
    });
    new Dashboard(this, 'Dashboard', {
      ...watched,
      alarms,
      tables,
      archives: { 'tweet archive': tweetArchive, 'hashtag archive': hashtagArchive },
      logGroups: { workflow: workflow.logGroup, function: flattening.logGroup, 'ingest pipe': ingest.logGroup },
    });

    if (config.monthlyBudgetUsd !== undefined && config.alarmEmail !== undefined) {
      new MonthlyBudget(this, 'MonthlyBudget', { limitUsd: config.monthlyBudgetUsd, email: config.alarmEmail });
    }
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value);

    this.#output({
      TweetStreamName: stream.streamName,
      HashtagTableName: hashtags.tableName,
      TweetTableName: tweets.tableName,
      TweetTableStreamArn: streamArnOf(tweets),
      DeletionTableName: tables.deletions.tableName,
      ShardTableName: tables.shards.tableName,
      ArchiveBucketName: bucket.bucketName,
      IngestPipeName: ingest.pipeName,
      TweetArchivePipeName: tweetArchive.pipe.pipeName,
      HashtagArchivePipeName: hashtagArchive.pipe.pipeName,
      WorkflowArn: stateMachineArn,
      AlarmTopicArn: topic.topicArn,
    });
  }

  /**
   * A value for another stack of the app. CloudFormation keeps what it names as long as that stack stands. Outputs are
   * exported by name, and not as CDK would on its own, so that the template is the same without other stacks.
   */
  imported(name: ExportedOutput): string {
    return Fn.importValue(exportName(this, name));
  }

  #output(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value, ...(isExported(name) ? { exportName: exportName(this, name) } : {}) });
    }
  }
}

const exportedOutputs = [
  'TweetStreamName',
  'TweetTableName',
  'TweetTableStreamArn',
  'DeletionTableName',
  'ArchiveBucketName',
  'AlarmTopicArn',
] as const;

/** An output that other stacks import. */
type ExportedOutput = (typeof exportedOutputs)[number];

function isExported(name: string): name is ExportedOutput {
  return exportedOutputs.some((exported) => exported === name);
}

/** Unique in account and region, as the stack's name is. */
function exportName({ stackName }: Stack, output: ExportedOutput): string {
  return `${stackName}-${output}`;
}
