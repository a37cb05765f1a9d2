import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Backoff } from '../backoff.ts';
import { eventIdOf } from '../element.ts';
import { DeliveryFailure, deliveryFailure } from '../errors.ts';
import { queueUrlOf } from '../queue-url.ts';
import { type PathParameter, type PathParameterKind, pathParameterOf } from './path-parameter.ts';
import type { Target, TargetElement } from './target.ts';

/**
 * Limits of one SendMessageBatch: entries, and bytes of all bodies
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html). AWS has raised the
 * bytes to 1 MiB; 256 KiB is within either limit. A longer message goes alone.
 */
export const maximumSqsMessages = 10;
const maximumCallBytes = 256 * 1024;
/** Calls in succession of which SQS accepts nothing, after which the batch fails as a whole. */
const maximumFruitlessCalls = 5;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html */
const maximumCharacters = 128;
const groupKind: PathParameterKind = {
  what: 'message group id',
  errorName: 'InvalidMessageGroupId',
  maximumCharacters,
};
const deduplicationKind: PathParameterKind = {
  what: 'message deduplication id',
  errorName: 'InvalidMessageDeduplicationId',
  maximumCharacters,
};

/** The queue to send to, and how failed messages are sent again. */
export interface SqsTargetOptions {
  /** Returns the client for each call. The caller creates and destroys it. */
  client: () => SQSClient;
  /** `arn:aws:sqs:<region>:<account>:<name>` */
  queueArn: string;
  messageGroupId: PathParameter | undefined;
  messageDeduplicationId: PathParameter | undefined;
  clock: Clock;
  /** The waits before failed messages are sent again. */
  backoff: Backoff;
}

/**
 * An SQS queue as target: one message per element, its JSON text, in the order of the elements.
 *
 * Messages that SQS fails by its own fault are sent again alone. When nothing is accepted for some calls in succession,
 * the whole batch fails with the reason, as an internal error: it is retried without being counted. Messages that SQS
 * refuses are the failed items of the batch. If it refuses all of them, the batch fails with the reason.
 */
export function sqsTarget(options: SqsTargetOptions): Target {
  const { client, clock, backoff } = options;
  const QueueUrl = queueUrlOf(options.queueArn);
  const send = async (messages: readonly Message[], abortSignal: AbortSignal): Promise<SendResult> => {
    try {
      const command = new SendMessageBatchCommand({
        QueueUrl,
        Entries: messages.map(({ entry }) => entry),
      });
      const { Successful = [], Failed = [] } = await client().send(command, { abortSignal });
      return resultOf(messages, Successful, Failed);
    } catch (error) {
      const failure = deliveryFailure(error, 'sqs');
      if (failure.kind !== 'internal' || abortSignal.aborted) throw failure;
      return { accepted: new Set(), refused: new Set(), failure };
    }
  };
  return {
    service: 'sqs',
    maximumElements: maximumSqsMessages,
    async deliver(elements, signal) {
      const refused = new Set<Message>();
      let left = elements.map((element, index) => messageOf(element, index + 1, options));
      for (let fruitless = 0; left.length > 0; ) {
        const result = await send(nextCall(left), signal);
        left = left.filter((message) => !result.accepted.has(message) && !result.refused.has(message));
        for (const message of result.refused) refused.add(message);
        if (refused.size === elements.length && result.failure !== undefined) throw result.failure;
        if (result.failure?.kind !== 'internal') continue;
        fruitless = result.accepted.size === 0 ? fruitless + 1 : 0;
        if (fruitless === maximumFruitlessCalls) throw result.failure;
        await clock.sleep(backoff.delayMs(fruitless + 1), signal);
        signal.throwIfAborted();
      }
      if (refused.size === 0) return undefined;
      return { batchItemFailures: [...refused].map(({ eventId }) => ({ itemIdentifier: eventId })) };
    },
  };
}

interface Message {
  readonly entry: SendMessageBatchRequestEntry;
  readonly bytes: number;
  /** Null for an element that an enrichment made. The whole batch then counts as failed. */
  readonly eventId: string | null;
}

/** What one call has come to. `failure`: why a message was not accepted, an internal one if there is one. */
interface SendResult {
  readonly accepted: ReadonlySet<Message>;
  readonly refused: ReadonlySet<Message>;
  readonly failure: DeliveryFailure | undefined;
}

function messageOf({ text, event }: TargetElement, number: number, options: SqsTargetOptions): Message {
  const { messageGroupId: group, messageDeduplicationId: deduplication } = options;
  return {
    entry: {
      Id: String(number),
      MessageBody: text,
      ...(group && { MessageGroupId: pathParameterOf(group, event, number, groupKind) }),
      ...(deduplication && {
        MessageDeduplicationId: pathParameterOf(deduplication, event, number, deduplicationKind),
      }),
    },
    bytes: Buffer.byteLength(text),
    eventId: eventIdOf(event),
  };
}

/** The first messages, as many as one call may hold. */
function nextCall(left: readonly Message[]): Message[] {
  let bytes = 0;
  const over = left.findIndex((message) => {
    bytes += message.bytes;
    return bytes > maximumCallBytes;
  });
  return left.slice(0, over === -1 ? maximumSqsMessages : Math.max(1, over));
}

function resultOf(
  messages: readonly Message[],
  successful: readonly { Id?: string | undefined }[],
  failed: readonly {
    Id?: string | undefined;
    SenderFault?: boolean | undefined;
    Code?: string | undefined;
    Message?: string | undefined;
  }[],
): SendResult {
  const named = (ids: readonly { Id?: string | undefined }[]) =>
    new Set(messages.filter(({ entry }) => ids.some(({ Id }) => Id === entry.Id)));
  const accepted = named(successful);
  const refused = named(failed.filter(({ SenderFault }) => SenderFault === true));
  if (accepted.size === messages.length) return { accepted, refused, failure: undefined };
  const isInternal = accepted.size + refused.size < messages.length;
  const reason = failed.find(({ SenderFault }) => (SenderFault === true) !== isInternal);
  return {
    accepted,
    refused,
    failure: new DeliveryFailure(
      isInternal ? 'internal' : 'customer',
      reason?.Code ?? 'InvalidSqsResponse',
      reason?.Message ?? 'SQS left out the result of a message.',
      { service: 'sqs', httpStatusCode: 200 },
    ),
  };
}
