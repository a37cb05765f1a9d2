import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, QueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import type { ConfiguredProps } from '../config.ts';
import { removalPolicy } from './removal-policy.ts';

/** The dead letters of a pipe. Each names shard and sequence numbers of records given up, without their data. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { config }: ConfiguredProps) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: removalPolicy(config),
    });
    const policy = this.node.findChild('Policy');
    if (policy instanceof QueuePolicy) policy.applyRemovalPolicy(removalPolicy(config));
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is a dead-letter queue itself.' });
  }
}
