import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { JsonObject } from '@tweet-pipes/kit/json';
import { AwsError } from '../gateway/aws-error.ts';
import type { Decision } from '../iam/access-control.ts';
import type { DeadLetterCondition } from './delivery.ts';
import { queueUrlOf } from './queue-url.ts';
import type { StreamRecord } from './sources/record.ts';

/** One dead letter. Its message points to records in a shard and does not contain them. */
export interface DeadLetter {
  pipeArn: string;
  source: { kind: 'kinesis' | 'dynamodb'; arn: string };
  shardId: string;
  condition: DeadLetterCondition;
  records: readonly StreamRecord[];
  nowMs: number;
}

/**
 * The message body that Pipes sends to the dead-letter queue of a stream source. Arrival times have milliseconds for
 * Kinesis, whole seconds for DynamoDB streams. Source: messages recorded from live pipes and event source mappings,
 * 2023 to 2025.
 */
export function deadLetterBody({ pipeArn, source, shardId, condition, records, nowMs }: DeadLetter): JsonObject {
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) throw new Error('A dead-letter message needs at least one record.');
  const time = (ms: number) => {
    const text = new Date(ms).toISOString();
    return source.kind === 'kinesis' ? text : text.replace(/\.\d+Z$/, 'Z');
  };
  return {
    context: { partnerResourceArn: pipeArn, condition },
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    [source.kind === 'kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: time(first.arrivalMs),
      approximateArrivalOfLastRecord: time(last.arrivalMs),
      batchSize: records.length,
      streamArn: source.arn,
    },
  };
}

/**
 * The dead-letter queue of a pipe
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html). Methods reject with
 * the SDK's errors.
 */
export interface DeadLetterQueue {
  /** Resolves when the queue exists and may be sent to. Rejects with `QueueDoesNotExist`, `AccessDenied`. */
  check(signal?: AbortSignal): Promise<void>;
  /**
   * Sends one message. Resolves when SQS has stored it. Retryable. A failed call may have had its effect, so a retry
   * may send the message twice.
   */
  send(body: JsonObject, signal?: AbortSignal): Promise<void>;
}

/** What a dead-letter queue is checked with before its pipe runs. */
export interface DeadLetterCheck {
  /** A client that may look for the queue, which the pipe's role need not. */
  ownClient(): SQSClient;
  /** Whether the role may send to the queue. */
  maySend(): Decision;
}

/** A standard SQS queue by its ARN, `arn:aws:sqs:<region>:<account>:<name>`. */
export function sqsDeadLetterQueue(
  client: () => SQSClient,
  arn: string,
  { ownClient, maySend }: DeadLetterCheck,
): DeadLetterQueue {
  const QueueUrl = queueUrlOf(arn);
  return {
    async check(abortSignal) {
      await ownClient().send(new GetQueueUrlCommand({ QueueName: arn.slice(arn.lastIndexOf(':') + 1) }), {
        abortSignal,
      });
      const decision = maySend();
      if (!decision.isAllowed) throw new AwsError('AccessDenied', decision.sentence, { statusCode: 403 });
    },
    async send(body, abortSignal) {
      await client().send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }), { abortSignal });
    },
  };
}
