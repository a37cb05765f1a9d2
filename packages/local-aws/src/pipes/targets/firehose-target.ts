import type { FirehoseClient } from '@aws-sdk/client-firehose';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Backoff } from '../backoff.ts';
import { DeliveryFailure, deliveryFailure } from '../errors.ts';
import type { Target } from './target.ts';

/**
 * Limits of one PutRecordBatch: records and bytes
 * (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html).
 */
export const maximumFirehoseRecords = 500;
const maximumCallBytes = 4 * 1024 * 1024;

/** The delivery stream to write to, and how failed records are sent again. */
export interface FirehoseTargetOptions {
  /** Returns the client for each call. The caller creates and destroys it. */
  client: () => FirehoseClient;
  deliveryStreamName: string;
  clock: Clock;
  /** The waits before failed records are sent again. */
  backoff: Backoff;
}

/**
 * A delivery stream as target: one record per element, its JSON text without a newline. Failed records alone are sent
 * again until all are accepted or the execution times out.
 */
export function firehoseTarget({ client, deliveryStreamName, clock, backoff }: FirehoseTargetOptions): Target {
  return {
    service: 'firehose',
    maximumElements: maximumFirehoseRecords,
    async deliver(elements, signal) {
      let left = elements.map(({ text }) => Buffer.from(text));
      assertBatchBytes(left);
      for (let attempt = 1; left.length > 0; attempt += 1) {
        const command = new PutRecordBatchCommand({
          DeliveryStreamName: deliveryStreamName,
          Records: left.map((Data) => ({ Data })),
        });
        const answer = await client()
          .send(command, { abortSignal: signal })
          .catch((error: unknown) => {
            throw deliveryFailure(error, 'firehose');
          });
        if ((answer.FailedPutCount ?? 0) === 0) return undefined;
        const responses = answer.RequestResponses ?? [];
        left = left.filter((_, index) => responses[index]?.ErrorCode !== undefined);
        if (left.length === 0) {
          throw new DeliveryFailure(
            'internal',
            'InvalidFirehoseResponse',
            'Firehose reported failed records without their indices.',
            {
              service: 'firehose',
            },
          );
        }
        await clock.sleep(backoff.delayMs(attempt), signal);
        signal.throwIfAborted();
      }
      return undefined;
    },
  };
}

function assertBatchBytes(records: readonly Buffer[]): void {
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  if (bytes <= maximumCallBytes) return;
  throw new DeliveryFailure(
    'customer',
    'PayloadTooLarge',
    `The batch has ${bytes} bytes. PutRecordBatch allows ${maximumCallBytes}.`,
    {
      service: 'firehose',
      httpStatusCode: 413,
    },
  );
}
