import { Annotations, Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/** AWS: "UpdateShardCount". What is deployed is not known here, so a larger step shows in the deployment only. */
const shardNotice =
  'One deployment may at most double or halve the number of shards; a larger step is rolled back (docs/runbook.md, "Change the number of shards").';

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
    if (config.shards !== 'on-demand') Annotations.of(this).addInfoV2('tweet-pipes:shards', shardNotice);
  }
}
