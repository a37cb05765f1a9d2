import { Annotations, CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from './config.ts';
import { NotebookInstance } from './constructs/notebook/notebook-instance.ts';
import type { TweetLakeStack } from './tweet-lake-stack.ts';

/** List prices of us-east-1, 2026-11. The CDK CLI prints it. */
const priceNotice =
  'The stack Notebook costs 16.30 USD a month while it stands, and 0.05 USD an hour while its instance runs (docs/notebook.md). Destroy it when it is not needed: npx cdk destroy Notebook -c tweetPipes:notebook=true';

/** The options of the stack, and what every CDK stack takes. */
export interface NotebookStackProps extends StackProps, ConfiguredProps {
  /** The lake that the notebook asks. */
  lake: TweetLakeStack;
}

/** A notebook instance of SageMaker for the lake. The lake does not need it. */
export class NotebookStack extends Stack {
  constructor(scope: Construct, id: string, { lake, config, ...props }: NotebookStackProps) {
    super(scope, id, props);
    Annotations.of(this).addInfoV2('tweet-pipes:notebook', priceNotice);
    const { instanceName } = new NotebookInstance(this, 'Notebook', {
      bucket: Bucket.fromBucketName(this, 'LakeBucket', lake.imported('LakeBucketName')),
      database: lake.databaseName,
      // Not `deleted` and `quarantine`, which lie in another bucket.
      tables: [
        ...['tweets', 'tweets_distinct', 'tweets_live', 'forgotten'],
        ...(config.sentiment === 'comprehend' ? ['sentiment', 'sentiment_distinct'] : []),
      ],
      workGroup: lake.stackName,
    });
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value);
    new CfnOutput(this, 'NotebookInstanceName', { value: instanceName });
  }
}
