import { sentence } from '@tweet-pipes/kit/thrown';
import { inStreamOrder, type Pointer } from './dead-letter-pointer.ts';
import { type DeadLetterMessage, DeadLetters, type QueueReading } from './dead-letter-queue.ts';
import type { DescribedPipe } from './pipe.ts';
import { keep, type PipeReport } from './redrive-report.ts';
import type { Surroundings } from './surroundings.ts';

/** How the messages of one queue are worked off. */
export interface QueueWork {
  dryRun: boolean;
  /** Takes messages whose records have left the stream from the queue, after naming them. */
  dismissExpired: boolean;
  /** Default {@link usualReading}. */
  reading?: QueueReading;
  /** Called after each message. */
  onProgress(done: number, of: number): void;
}

/** The messages of a queue that wait to be worked off, the pointers of this pipe in the order of the stream. */
export interface CollectedQueue {
  queue: DeadLetters;
  pointers: { message: DeadLetterMessage; pointer: Pointer }[];
  /** Messages that are no pointer of this pipe. */
  foreign: DeadLetterMessage[];
}

/** Reads a pipe's queue. Whoever calls gives the messages back: {@link workOff}, or `queue.release`. */
export async function collectQueue(
  on: Surroundings,
  pipe: DescribedPipe,
  reading?: QueueReading,
): Promise<CollectedQueue> {
  const queue = await DeadLetters.open(on, pipe.deadLetterArn, reading);
  const messages = await queue.collect();
  const pointers: CollectedQueue['pointers'] = [];
  const foreign: DeadLetterMessage[] = [];
  for (const message of messages) {
    const { pointer } = message;
    if (pointer?.streamArn === pipe.sourceArn) pointers.push({ message, pointer });
    else foreign.push(message);
  }
  pointers.sort((a, b) => inStreamOrder(a.pointer, b.pointer));
  return { queue, pointers, foreign };
}

/**
 * Works a queue off, one message after the other. A message goes when `settle` has settled each of its records; it
 * stays when records have expired (`settle` answers how many) or when `settle` fails, which repeating may mend. The
 * messages that stay are visible again afterwards.
 */
export async function workOff(
  on: Surroundings,
  { queue, pointers, foreign }: CollectedQueue,
  report: PipeReport,
  work: QueueWork,
  settle: (pointer: Pointer) => Promise<{ expired: number }>,
): Promise<void> {
  const staying = new Set([...foreign, ...pointers.map(({ message }) => message)]);
  report.messages = staying.size;
  try {
    for (const message of foreign) {
      keep(report, {
        message: message.id,
        why: 'foreign',
        detail: 'It does not point into the stream that this pipe reads.',
      });
    }
    let hiddenMs = on.clock.now();
    for (const [index, { message, pointer }] of pointers.entries()) {
      if (on.clock.now() - hiddenMs > queue.hiddenSeconds * 500) {
        hiddenMs = on.clock.now();
        await queue.hide([...staying]);
      }
      if (on.signal.aborted) {
        keep(report, { message: message.id, why: 'failed', detail: 'Interrupted before it.' });
        continue;
      }
      try {
        const { expired } = await settle(pointer);
        report.expired += expired;
        if (expired > 0 && !work.dismissExpired) {
          keep(report, { message: message.id, why: 'expired', detail: describeRange(pointer, expired) });
        } else if (!work.dryRun) {
          await queue.remove(message);
          staying.delete(message);
          report.removed += 1;
        }
      } catch (error) {
        keep(report, {
          message: message.id,
          why: 'failed',
          detail: `${pointer.shardId}:${pointer.startSequence}: ${sentence(error)}`,
        });
      }
      work.onProgress(index + 1, pointers.length);
    }
  } finally {
    // They show themselves when this fails.
    await queue.release([...staying]).catch(() => on.note('Messages that stay are visible again within minutes.'));
  }
}

function describeRange({ shardId, startSequence, endSequence, records, condition }: Pointer, expired: number): string {
  const range = startSequence === endSequence ? startSequence : `${startSequence} to ${endSequence}`;
  return `${expired} of ${records} records have left the stream: ${shardId}, ${range} (${condition})`;
}
