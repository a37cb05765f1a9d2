import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import {
  allowEverything,
  type ClientsOfSession,
  type DecideForSession,
  sessionFor,
  type WorkerSession,
} from '../iam/worker-session.ts';
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

/** What the connections of pipes are made with. */
export interface ConnectionOptions extends Pick<RuntimeContext, 'clock' | 'random' | 'region'> {
  /** The clients of a pipe's role. Called at each call. */
  clients: ClientsOfSession;
  /** Clients for what no right is needed for on AWS. Default: those of the role. */
  ownClients?: () => AwsClients;
  /** Default: every role may do everything. */
  decide?: DecideForSession;
}

/** The session of a pipe. */
export function pipeSession({ name, arn, roleArn }: Pick<PipeDefinition, 'name' | 'arn' | 'roleArn'>): WorkerSession {
  return sessionFor('pipes.amazonaws.com', roleArn, { name, arn });
}

/** Connections by the AWS SDK, with the rights of each pipe's role. */
export function sdkConnections(options: ConnectionOptions): Connections {
  const { clock, random, region, decide = allowEverything } = options;
  const clientsOf = (definition: PipeDefinition) => () => options.clients(pipeSession(definition));
  return {
    source(definition) {
      const clients = clientsOf(definition);
      const {
        source: { kind, arn },
        roleArn,
      } = definition;
      if (kind === 'kinesis') return kinesisSource({ client: () => clients().kinesis, arn, region, roleArn });
      return dynamoDbStreamSource({ client: () => clients().dynamodbStreams, arn, region });
    },
    enrichment(definition) {
      const clients = clientsOf(definition);
      const { enrichment } = definition;
      if (enrichment === undefined) return undefined;
      if (enrichment.kind === 'lambda') return lambdaEnrichment(() => clients().lambda, enrichment.arn);
      return expressWorkflowEnrichment(() => clients().sfn, enrichment.arn);
    },
    target(definition) {
      const clients = clientsOf(definition);
      const { target } = definition;
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
    deadLetters(definition) {
      const clients = clientsOf(definition);
      const resource = definition.source.deadLetterArn;
      if (resource === undefined) return undefined;
      return sqsDeadLetterQueue(() => clients().sqs, resource, {
        ownClient: () => (options.ownClients ?? clients)().sqs,
        maySend: () => decide(pipeSession(definition), { action: 'sqs:SendMessage', resource }),
      });
    },
  };
}
