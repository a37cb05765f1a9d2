import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { isNamed } from '@tweet-pipes/kit/thrown';
import { type Pointer, readPointer } from './dead-letter-pointer.ts';
import type { Surroundings } from './surroundings.ts';

/** One message of a dead-letter queue. */
export interface DeadLetterMessage {
  id: string;
  /** Undefined for a message that no pipe wrote. */
  pointer: Pointer | undefined;
  receiptHandle: string;
}

/** How a queue is read. */
export interface QueueReading {
  /**
   * How long a message that was read is hidden, 0-43200. While it is worked on it is hidden again and again; a redrive
   * that ends without a word holds it no longer than this.
   */
  hiddenSeconds: number;
  /**
   * How long one call waits for messages, 0-20. From 1 on AWS asks every server of the queue, so that an empty answer
   * means an empty queue (AWS: "Amazon SQS short and long polling").
   */
  waitSeconds: number;
}

export const usualReading: QueueReading = { hiddenSeconds: 120, waitSeconds: 1 };

const perCall = 10;

/** A standard queue that a pipe leaves its pointers in. */
export class DeadLetters {
  readonly #on: Surroundings;
  readonly #url: string;

  readonly #reading: QueueReading;

  private constructor(on: Surroundings, url: string, reading: QueueReading) {
    this.#on = on;
    this.#url = url;
    this.#reading = reading;
  }

  /** By its ARN, `arn:aws:sqs:<region>:<account>:<name>`. */
  static async open(on: Surroundings, arn: string, reading = usualReading): Promise<DeadLetters> {
    const [, , , , QueueOwnerAWSAccountId, QueueName] = arn.split(':');
    const { QueueUrl } = await on.clients.sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
    if (QueueUrl === undefined) throw new Error(`SQS gave no URL for ${arn}`);
    return new DeadLetters(on, QueueUrl, reading);
  }

  /** How many messages there are, also hidden ones; approximate, as SQS counts. */
  async depth(): Promise<{ visible: number; hidden: number }> {
    const { Attributes: counts = {} } = await this.#on.clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#url,
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

  /**
   * Reads the whole queue, each message once, and leaves the messages in it, hidden. Waits for messages that a redrive
   * hid that did not come to its end.
   */
  async collect(): Promise<DeadLetterMessage[]> {
    const found = new Map<string, DeadLetterMessage>();
    let untilMs = this.#on.clock.now() + 2 * this.#reading.hiddenSeconds * 1000;
    let told = false;
    while (!this.#on.signal.aborted) {
      const before = found.size;
      const received = await this.#receive(found);
      if (received > 0) {
        // Only known ones: the first were visible again before the queue was read to its end.
        if (found.size === before) break;
        untilMs = this.#on.clock.now() + 2 * this.#reading.hiddenSeconds * 1000;
        continue;
      }
      const { visible, hidden } = await this.depth();
      if ((visible === 0 && hidden <= found.size) || this.#on.clock.now() > untilMs) break;
      if (!told)
        this.#on.note(
          'Some messages are still held by a redrive that did not end; waiting for them, some minutes at most …',
        );
      told = true;
    }
    return [...found.values()];
  }

  /** Adds up to ten messages; how many came. */
  async #receive(found: Map<string, DeadLetterMessage>): Promise<number> {
    const { Messages = [] } = await this.#on.clients.sqs
      .send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: perCall,
          VisibilityTimeout: this.#reading.hiddenSeconds,
          WaitTimeSeconds: this.#reading.waitSeconds,
        }),
      )
      .catch((error: unknown) => {
        // 120,000 are hidden at once: the most that SQS allows. The rest is for the next redrive.
        if (!isNamed(error, 'OverLimit')) throw error;
        this.#on.note('The queue holds more messages than one redrive can take; repeat it for the rest.');
        return { Messages: [] };
      });
    for (const { MessageId, Body, ReceiptHandle } of Messages) {
      if (MessageId === undefined || ReceiptHandle === undefined) continue;
      found.set(MessageId, { id: MessageId, pointer: readPointer(Body ?? ''), receiptHandle: ReceiptHandle });
    }
    return Messages.length;
  }

  /** For a message whose every record is settled. */
  async remove({ receiptHandle }: DeadLetterMessage): Promise<void> {
    await this.#on.clients.sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle }));
  }

  /** How long messages are hidden, in seconds. */
  get hiddenSeconds(): number {
    return this.#reading.hiddenSeconds;
  }

  /** Hides messages for as long once more, from now on. One that is visible again is left alone. */
  hide(messages: readonly DeadLetterMessage[]): Promise<void> {
    return this.#setVisibility(messages, this.#reading.hiddenSeconds);
  }

  /** Shows messages again at once. */
  release(messages: readonly DeadLetterMessage[]): Promise<void> {
    return this.#setVisibility(messages, 0);
  }

  async #setVisibility(messages: readonly DeadLetterMessage[], VisibilityTimeout: number): Promise<void> {
    for (let start = 0; start < messages.length; start += perCall) {
      const Entries = messages
        .slice(start, start + perCall)
        .map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout }));
      await this.#on.clients.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }
}
