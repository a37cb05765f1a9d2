import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/** The stream of tweets and delete notices, one record each. The partition key is the tweet's id. */
export class TweetStream extends Stream {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      ...(config.shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: config.shards }),
      retentionPeriod: Duration.hours(config.streamRetentionHours),
      // The AWS managed key is free, and readers and writers need no permission on it.
      encryption: StreamEncryption.MANAGED,
      removalPolicy: removalPolicy(config),
    });
  }
}
