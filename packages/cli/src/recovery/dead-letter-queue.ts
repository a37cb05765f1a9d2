import { ChangeMessageVisibilityBatchCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryTools } from './context.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { queueDepth, queueUrlOf } from './dead-letter-look.ts';

/** One message of a dead-letter queue. */
export interface DeadLetterMessage {
  id: string;
  /** Undefined for a message that was not written by a pipe. */
  deadLetter: DeadLetter | undefined;
  receiptHandle: string;
}

/** How a queue is read. */
export interface QueueReading {
  /**
   * How long a message is hidden after it was read, 0-43200. A redrive hides it again while it works on it; one that
   * crashed holds it no longer than this.
   */
  hiddenSeconds: number;
  /**
   * How long one call waits for messages, 0-20. From 1 on SQS asks all of its servers, so an empty answer means an
   * empty queue (AWS: "Amazon SQS short and long polling").
   */
  waitSeconds: number;
}

const usualReading: QueueReading = { hiddenSeconds: 120, waitSeconds: 1 };

const perCall = 10;

/** The standard queue to which a pipe sends its dead letters. */
export class DeadLetterQueue {
  readonly #context: RecoveryTools;
  readonly #url: string;

  readonly #reading: QueueReading;

  private constructor(context: RecoveryTools, url: string, reading: QueueReading) {
    this.#context = context;
    this.#url = url;
    this.#reading = reading;
  }

  /** By its ARN, `arn:aws:sqs:<region>:<account>:<name>`. */
  static async open(context: RecoveryTools, arn: string, reading = usualReading): Promise<DeadLetterQueue> {
    return new DeadLetterQueue(context, await queueUrlOf(context.clients, arn), reading);
  }

  /** As {@link queueDepth}. */
  depth(): Promise<{ visible: number; hidden: number }> {
    return queueDepth(this.#context.clients, this.#url);
  }

  /**
   * Reads the whole queue, each message once, and leaves the messages in it, hidden. Waits for messages that were
   * hidden by a redrive that crashed.
   */
  async collect(): Promise<DeadLetterMessage[]> {
    const found = new Map<string, DeadLetterMessage>();
    let untilMs = this.#context.clock.now() + 2 * this.#reading.hiddenSeconds * 1000;
    let isNoted = false;
    while (!this.#context.signal.aborted) {
      const before = found.size;
      const received = await this.#receive(found);
      if (received > 0) {
        // Only known messages: the first became visible again before the queue was read to its end.
        if (found.size === before) break;
        untilMs = this.#context.clock.now() + 2 * this.#reading.hiddenSeconds * 1000;
        continue;
      }
      const { visible, hidden } = await this.depth();
      if ((visible === 0 && hidden <= found.size) || this.#context.clock.now() > untilMs) break;
      if (!isNoted)
        this.#context.note(
          'Some messages are still hidden by a redrive that did not finish; waiting for them, some minutes at most …',
        );
      isNoted = true;
    }
    return [...found.values()];
  }

  /** Adds up to ten messages to `found`; resolves with the number received. */
  async #receive(found: Map<string, DeadLetterMessage>): Promise<number> {
    const { Messages = [] } = await this.#context.clients.sqs
      .send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: perCall,
          VisibilityTimeout: this.#reading.hiddenSeconds,
          WaitTimeSeconds: this.#reading.waitSeconds,
        }),
      )
      .catch((error: unknown) => {
        // SQS hides at most 120,000 messages at once. The next redrive gets the rest.
        if (!isNamed(error, 'OverLimit')) throw error;
        this.#context.note('The queue holds more messages than one redrive can take; repeat it for the rest.');
        return { Messages: [] };
      });
    for (const { MessageId, Body, ReceiptHandle } of Messages) {
      if (MessageId === undefined || ReceiptHandle === undefined) continue;
      found.set(MessageId, { id: MessageId, deadLetter: readDeadLetter(Body ?? ''), receiptHandle: ReceiptHandle });
    }
    return Messages.length;
  }

  /** Removes a message from the queue, once all of its records are settled. */
  async remove({ receiptHandle }: DeadLetterMessage): Promise<void> {
    await this.#context.clients.sqs.send(
      new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle }),
    );
  }

  /** How long messages are hidden, in seconds. */
  get hiddenSeconds(): number {
    return this.#reading.hiddenSeconds;
  }

  /** Hides messages again for {@link hiddenSeconds} from now. Messages that are visible are left alone. */
  hide(messages: readonly DeadLetterMessage[]): Promise<void> {
    return this.#setVisibility(messages, this.#reading.hiddenSeconds);
  }

  /** Makes messages visible again at once. */
  release(messages: readonly DeadLetterMessage[]): Promise<void> {
    return this.#setVisibility(messages, 0);
  }

  async #setVisibility(messages: readonly DeadLetterMessage[], VisibilityTimeout: number): Promise<void> {
    for (let start = 0; start < messages.length; start += perCall) {
      const Entries = messages
        .slice(start, start + perCall)
        .map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout }));
      await this.#context.clients.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }
}
