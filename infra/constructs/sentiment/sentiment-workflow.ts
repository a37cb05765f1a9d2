import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { ExpressWorkflow } from '../express-workflow.ts';

/** What the workflow reads and writes. */
export interface SentimentWorkflowProps extends ConfiguredProps {
  /** The table of tweets. */
  tweets: ITable;
}

/** The workflow that asks Comprehend about one batch of tweets; statemachines/sentiment. */
export class SentimentWorkflow extends ExpressWorkflow {
  constructor(scope: Construct, id: string, { tweets, config }: SentimentWorkflowProps) {
    super(scope, id, {
      name: 'sentiment',
      holes: { TweetTable: tweets.tableName },
      statements: [
        new PolicyStatement({
          actions: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
          resources: [tweets.tableArn],
        }),
      ],
      // AWS: "Actions, resources, and condition keys for Amazon Comprehend".
      actionsWithoutResource: ['comprehend:BatchDetectSentiment'],
      config,
    });
  }
}
