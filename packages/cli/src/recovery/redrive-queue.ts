import { sentence } from '@tweet-pipes/kit/thrown';
import type { RecoveryTools } from './context.ts';
import { type DeadLetter, inStreamOrder } from './dead-letter.ts';
import { type DeadLetterMessage, DeadLetterQueue, type QueueReading } from './dead-letter-queue.ts';
import type { DescribedPipe } from './pipe.ts';
import { keep, type PipeReport } from './redrive-report.ts';

/** How the messages of one queue are processed. */
export interface QueueWork {
  dryRun: boolean;
  /** Removes messages whose records have left the stream from the queue, after reporting them. */
  dismissExpired: boolean;
  /** Default {@link usualReading}. */
  reading?: QueueReading;
  /** Called after each message. */
  onProgress(done: number, of: number): void;
}

/** The messages of a queue; the dead letters of this pipe in the order of the stream. */
export interface CollectedQueue {
  queue: DeadLetterQueue;
  deadLetters: { message: DeadLetterMessage; deadLetter: DeadLetter }[];
  /** Messages that are no dead letter of this pipe. */
  foreign: DeadLetterMessage[];
}

/** Reads a pipe's queue. The caller must release the messages, by {@link processQueue} or `queue.release`. */
export async function collectQueue(
  context: RecoveryTools,
  pipe: DescribedPipe,
  reading?: QueueReading,
): Promise<CollectedQueue> {
  const queue = await DeadLetterQueue.open(context, pipe.deadLetterArn, reading);
  const messages = await queue.collect();
  const deadLetters: CollectedQueue['deadLetters'] = [];
  const foreign: DeadLetterMessage[] = [];
  for (const message of messages) {
    const { deadLetter } = message;
    if (deadLetter?.streamArn === pipe.sourceArn) deadLetters.push({ message, deadLetter });
    else foreign.push(message);
  }
  deadLetters.sort((a, b) => inStreamOrder(a.deadLetter, b.deadLetter));
  return { queue, deadLetters, foreign };
}

/**
 * Processes the messages of a queue, one after the other. A message is removed when `settle` has settled all of its
 * records. It stays when records have expired (`settle` resolves with their number) or when `settle` fails, and is
 * visible again afterwards.
 */
export async function processQueue(
  context: RecoveryTools,
  { queue, deadLetters, foreign }: CollectedQueue,
  report: PipeReport,
  work: QueueWork,
  settle: (deadLetter: DeadLetter) => Promise<{ expired: number }>,
): Promise<void> {
  const staying = new Set([...foreign, ...deadLetters.map(({ message }) => message)]);
  report.messages = staying.size;
  try {
    for (const message of foreign) {
      keep(report, {
        message: message.id,
        why: 'foreign',
        detail: 'It does not point into the stream that this pipe reads.',
      });
    }
    let hiddenMs = context.clock.now();
    for (const [index, { message, deadLetter }] of deadLetters.entries()) {
      if (context.clock.now() - hiddenMs > queue.hiddenSeconds * 500) {
        hiddenMs = context.clock.now();
        await queue.hide([...staying]);
      }
      if (context.signal.aborted) {
        keep(report, { message: message.id, why: 'failed', detail: 'Interrupted before it.' });
        continue;
      }
      try {
        const { expired } = await settle(deadLetter);
        report.expired += expired;
        if (expired > 0 && !work.dismissExpired) {
          keep(report, { message: message.id, why: 'expired', detail: describeRange(deadLetter, expired) });
        } else if (!work.dryRun) {
          await queue.remove(message);
          staying.delete(message);
          report.removed += 1;
        }
      } catch (error) {
        keep(report, {
          message: message.id,
          why: 'failed',
          detail: `${deadLetter.shardId}:${deadLetter.startSequence}: ${sentence(error)}`,
        });
      }
      work.onProgress(index + 1, deadLetters.length);
    }
  } finally {
    // If this fails, they become visible by themselves after the visibility timeout.
    await queue.release([...staying]).catch(() => context.note('Messages that stay are visible again within minutes.'));
  }
}

function describeRange(
  { shardId, startSequence, endSequence, records, condition }: DeadLetter,
  expired: number,
): string {
  const range = startSequence === endSequence ? startSequence : `${startSequence} to ${endSequence}`;
  return `${expired} of ${records} records have left the stream: ${shardId}, ${range} (${condition})`;
}
