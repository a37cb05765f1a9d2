import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { RuntimeContext } from '../runtime-context.ts';
import { retryBackoff } from './backoff.ts';
import type { DeadLetterQueue } from './dead-letter.ts';
import { sqsDeadLetterQueue } from './dead-letter.ts';
import type { PipeDefinition } from './definition.ts';
import type { Enrichment } from './enrichment/enrichment.ts';
import { expressWorkflowEnrichment } from './enrichment/express-workflow-enrichment.ts';
import { lambdaEnrichment } from './enrichment/lambda-enrichment.ts';
import { dynamoDbStreamSource } from './sources/dynamodb-stream-source.ts';
import { kinesisSource } from './sources/kinesis-source.ts';
import type { StreamSource } from './sources/source.ts';
import { firehoseTarget } from './targets/firehose-target.ts';
import { kinesisTarget } from './targets/kinesis-target.ts';
import { sqsTarget } from './targets/sqs-target.ts';
import { stateMachineTarget } from './targets/state-machine-target.ts';
import type { Target } from './targets/target.ts';

/** A pipe's source, enrichment, target and dead-letter queue. Creating one makes no call. */
export interface Connections {
  source(definition: PipeDefinition): StreamSource;
  enrichment(definition: PipeDefinition): Enrichment | undefined;
  target(definition: PipeDefinition): Target;
  deadLetters(definition: PipeDefinition): DeadLetterQueue | undefined;
}

/** Connections by the AWS SDK to the local endpoint. */
export function sdkConnections(
  options: { clients: () => AwsClients } & Pick<RuntimeContext, 'clock' | 'random' | 'region'>,
): Connections {
  const { clients, clock, random, region } = options;
  return {
    source({ source: { kind, arn }, roleArn }) {
      if (kind === 'kinesis') return kinesisSource({ client: () => clients().kinesis, arn, region, roleArn });
      return dynamoDbStreamSource({ client: () => clients().dynamodbStreams, arn, region });
    },
    enrichment({ enrichment }) {
      if (enrichment === undefined) return undefined;
      if (enrichment.kind === 'lambda') return lambdaEnrichment(() => clients().lambda, enrichment.arn);
      return expressWorkflowEnrichment(() => clients().sfn, enrichment.arn);
    },
    target({ target }) {
      switch (target.kind) {
        case 'states':
          return stateMachineTarget(() => clients().sfn, target.arn, target.invocationType);
        case 'firehose':
          return firehoseTarget({
            client: () => clients().firehose,
            deliveryStreamName: target.deliveryStreamName,
            clock,
            backoff: retryBackoff(random),
          });
        case 'kinesis':
          return kinesisTarget({
            client: () => clients().kinesis,
            streamArn: target.arn,
            partitionKey: target.partitionKey,
            clock,
            backoff: retryBackoff(random),
          });
        case 'sqs':
          return sqsTarget({
            client: () => clients().sqs,
            queueArn: target.arn,
            messageGroupId: target.messageGroupId,
            messageDeduplicationId: target.messageDeduplicationId,
            clock,
            backoff: retryBackoff(random),
          });
      }
    },
    deadLetters({ source: { deadLetterArn } }) {
      return deadLetterArn === undefined ? undefined : sqsDeadLetterQueue(() => clients().sqs, deadLetterArn);
    },
  };
}
