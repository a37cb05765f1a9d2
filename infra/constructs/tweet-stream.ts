import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { DataStream } from './data-stream.ts';

/** AWS: "UpdateShardCount". What is deployed is not known here, so a larger step shows in the deployment only. */
const shardNotice =
  'One deployment may at most double or halve the number of shards; a larger step is rolled back (docs/runbook.md, "Change the number of shards").';

/** The stream of tweets and delete notices, one record each. The partition key is the tweet's id. */
export class TweetStream extends DataStream {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, { shards: config.shards, config });
    if (config.shards !== 'on-demand') Annotations.of(this).addInfoV2('tweet-pipes:shards', shardNotice);
  }
}
