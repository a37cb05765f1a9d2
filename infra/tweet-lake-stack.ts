import { Annotations, CfnOutput, Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import type { Config, ConfiguredProps } from './config.ts';
import { addAlarm } from './constructs/alarms/add-alarm.ts';
import { lakeAlarms } from './constructs/alarms/lake-alarms.ts';
import { sentimentAlarms } from './constructs/alarms/sentiment-alarms.ts';
import { Forgetting } from './constructs/lake/forgetting.ts';
import { LakeBucket, lakePrefixes } from './constructs/lake/lake-bucket.ts';
import { LakeCatalog } from './constructs/lake/lake-catalog.ts';
import { LakeCrawler } from './constructs/lake/lake-crawler.ts';
import { LakeDashboard } from './constructs/lake/lake-dashboard.ts';
import { LakeQueries, queriesIn } from './constructs/lake/lake-queries.ts';
import { StreamDelivery } from './constructs/lake/stream-delivery.ts';
import { TweetTransformation } from './constructs/lake/tweet-transformation.ts';
import { TweetSentiment } from './constructs/sentiment/tweet-sentiment.ts';
import type { TweetPipesStack } from './tweet-pipes-stack.ts';

/** List price of us-east-1: 0.0001 USD for 100 characters, 300 at least. The CDK CLI prints it. */
const priceNotice =
  'Sentiment costs about 300 USD for a million tweets of up to 300 characters, which Amazon Comprehend bills; -c tweetPipes:sentiment=off asks for none (docs/lake.md, "Sentiment").';

/** The options of the stack, and what every CDK stack takes. */
export interface TweetLakeStackProps extends StackProps, ConfiguredProps {
  /** Has the stream and the table of tweets, the archive and the topic of alarms. */
  core: TweetPipesStack;
}

/**
 * The lake: every tweet and delete notice as a row in S3, a catalog of it, and Athena's queries. It reads the stream of
 * the core beside the pipe, and the core does not need it.
 */
export class TweetLakeStack extends Stack {
  /** Of the database in the catalog; physical. */
  readonly databaseName: string;

  constructor(scope: Construct, id: string, { core, config, ...props }: TweetLakeStackProps) {
    super(scope, id, props);
    const streamArn = this.formatArn({
      service: 'kinesis',
      resource: 'stream',
      resourceName: core.imported('TweetStreamName'),
    });
    const stream = Stream.fromStreamArn(this, 'TweetStream', streamArn);
    const topic = Topic.fromTopicArn(this, 'AlarmTopic', core.imported('AlarmTopicArn'));

    const bucket = new LakeBucket(this, 'Bucket', { config });
    const archiveBucketName = core.imported('ArchiveBucketName');
    const catalog = new LakeCatalog(this, 'Catalog', { bucket, archiveBucketName, config });
    this.databaseName = catalog.databaseName;
    const { function: transformation } = new TweetTransformation(this, 'FlattenTweets', { config });
    const source = { stream, transformation, bucket };
    const { deliveryStream } = new StreamDelivery(this, 'Delivery', {
      ...source,
      prefix: lakePrefixes.tweets,
      errorPrefix: lakePrefixes.errors,
      parquetTable: config.lakeFormat === 'parquet' ? { database: catalog.database, table: catalog.tweets } : undefined,
      config,
    });
    const { workGroupName } = new LakeQueries(this, 'Queries', {
      bucket,
      catalog,
      description: 'Queries of the tweet lake.',
      queries: queriesIn('lake/queries', ...(config.sentiment === 'comprehend' ? ['lake/queries/sentiment'] : [])),
      config,
    });
    const { crawlerName } = new LakeCrawler(this, 'Crawler', { bucket, prefix: lakePrefixes.tweets, catalog });

    const { forgetEveryHours: everyHours } = config;
    const archiveBucket = Bucket.fromBucketName(this, 'ArchiveBucket', archiveBucketName);
    const deletionTableName = core.imported('DeletionTableName');
    const forgetting =
      everyHours === 'off'
        ? undefined
        : new Forgetting(this, 'Forgetting', { everyHours, bucket, archiveBucket, deletionTableName, config });

    const signals = { ...source, deliveryStream, forgetting };
    const sentiment = config.sentiment === 'comprehend' ? this.#sentiment(core, bucket, config) : undefined;
    const definitions = [...lakeAlarms(signals, config), ...(sentiment?.alarms ?? [])];
    const alarms = definitions.map((definition) => addAlarm(this, definition, topic));
    new LakeDashboard(this, 'Dashboard', { ...signals, alarms, workGroupName, sentiment: sentiment?.construct });
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value);

    const outputs = {
      LakeBucketName: bucket.bucketName,
      LakeDatabaseName: catalog.database.ref,
      LakeDeliveryStreamName: deliveryStream.ref,
      LakeCrawlerName: crawlerName,
      WorkGroupName: workGroupName,
      ArchiveContent: config.archiveContent,
      ...(sentiment === undefined ? {} : { SentimentPipeName: sentiment.construct.pipe.pipeName }),
    };
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, name, {
        value,
        ...(name === 'LakeBucketName' ? { exportName: this.#exportName(name) } : {}),
      });
    }
  }

  /** A value for another stack of the app, as {@link TweetPipesStack.imported}. */
  imported(name: 'LakeBucketName'): string {
    return Fn.importValue(this.#exportName(name));
  }

  #exportName(name: 'LakeBucketName'): string {
    return `${this.stackName}-${name}`;
  }

  #sentiment(core: TweetPipesStack, bucket: LakeBucket, config: Config) {
    Annotations.of(this).addInfoV2('tweet-pipes:sentiment', priceNotice);
    const tweets = Table.fromTableAttributes(this, 'TweetTable', {
      tableName: core.imported('TweetTableName'),
      tableStreamArn: core.imported('TweetTableStreamArn'),
    });
    const construct = new TweetSentiment(this, 'Sentiment', { tweets, bucket, config });
    return { construct, alarms: sentimentAlarms(construct, tweets, config) };
  }
}
