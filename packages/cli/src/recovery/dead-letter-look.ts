import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';

type Sqs = Pick<AwsClients, 'sqs'>;

/** The URL of a queue by its ARN, `arn:aws:sqs:<region>:<account>:<name>`. Throws the SDK's error. */
export async function queueUrlOf({ sqs }: Sqs, arn: string): Promise<string> {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = arn.split(':');
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  if (QueueUrl === undefined) throw new Error(`SQS gave no URL for ${arn}`);
  return QueueUrl;
}

/** The number of visible and of hidden messages; approximate, as SQS counts. */
export async function queueDepth({ sqs }: Sqs, QueueUrl: string): Promise<{ visible: number; hidden: number }> {
  const { Attributes: counts = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    visible: Number(counts.ApproximateNumberOfMessages ?? 0),
    hidden:
      Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0) +
      Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

/** Each answer of SQS has at most ten messages, so a look takes this many calls and may miss some of a long queue. */
const mostCalls = 10;
/** A look that is killed hides the messages that it read no longer than this. */
const hiddenSeconds = 5;

/** Looks at dead letters and leaves them visible, so that a redrive finds them: up to a hundred, in no order. */
export async function peekDeadLetters({ sqs }: Sqs, QueueUrl: string): Promise<DeadLetter[]> {
  const read: Message[] = [];
  for (let call = 0; call < mostCalls; call += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: hiddenSeconds }),
    );
    if (Messages.length === 0) break;
    read.push(...Messages);
  }
  for (let start = 0; start < read.length; start += 10) {
    const Entries = read
      .slice(start, start + 10)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
  return read.flatMap(({ Body = '' }) => readDeadLetter(Body) ?? []);
}

/** Whether a dead letter points to the range that a record is in. */
export function coversRecord(
  { shardId, startSequence, endSequence }: DeadLetter,
  record: { shardId: string; sequence: string },
): boolean {
  const sequence = BigInt(record.sequence);
  return shardId === record.shardId && sequence >= BigInt(startSequence) && sequence <= BigInt(endSequence);
}
