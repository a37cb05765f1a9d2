import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

import type { Config, ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/** What differs from stream to stream. */
export interface DataStreamProps extends ConfiguredProps {
  shards: Config['shards'];
}

/** An encrypted Kinesis stream that keeps its records as long as the options say. */
export class DataStream extends Stream {
  constructor(scope: Construct, id: string, { shards, config }: DataStreamProps) {
    super(scope, id, {
      ...(shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
      retentionPeriod: Duration.hours(config.streamRetentionHours),
      // The AWS managed key is free, and readers and writers need no permission on it.
      encryption: StreamEncryption.MANAGED,
      removalPolicy: removalPolicy(config),
    });
  }
}
