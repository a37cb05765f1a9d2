import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../../config.ts';
import { NodeFunction } from '../node-function.ts';

/** The Lambda function that makes rows of the records of the stream; functions/flatten-tweets. */
export class TweetTransformation extends NodeFunction {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      folder: 'flatten-tweets',
      description: 'Flattens tweets and delete notices into rows of the lake.',
      // Firehose waits five minutes at most (AWS: "Transform source data in Amazon Data Firehose").
      timeout: Duration.minutes(2),
      config,
    });
  }
}
