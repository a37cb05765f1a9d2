import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/**
 * The stream that producers write tweets and delete notices to, one record each, with the tweet's id as partition key.
 */
export class TweetStream extends Stream {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      ...(config.shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: config.shards }),
      retentionPeriod: Duration.hours(config.streamRetentionHours),
      // The key of AWS costs nothing and asks no permission of readers and writers.
      encryption: StreamEncryption.MANAGED,
      removalPolicy: removalPolicy(config),
    });
  }
}
