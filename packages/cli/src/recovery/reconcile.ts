import { readShardItems } from '../tables/counter-items.ts';
import { archivedTweets } from './archived-tweets.ts';
import type { RecoveryContext } from './context.ts';
import { type Counter, readCounters, storedCount } from './counters.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { type DrainedUpTo, proveDrained } from './drain-proof.ts';
import { RecoveryError } from './errors.ts';
import { Evidence } from './evidence.ts';
import { EvidenceFile } from './evidence-file.ts';
import { evidenceGaps } from './evidence-gaps.ts';
import { readOutOfOrder } from './out-of-order.ts';
import { howToStop, startPipe, stopPipe } from './pause-pipe.ts';
import { describePipe } from './pipe.ts';
import {
  type CounterDifference,
  type DifferenceStatus,
  mostDifferences,
  type ReconcileReport,
} from './reconcile-report.ts';
import { removedTweets } from './removed-tweets.ts';
import { repairCounter } from './repair-counter.ts';
import { storedTweets } from './stored-tweets.ts';
import { streamShards } from './stream-shards.ts';

export interface ReconcileOptions {
  /** Writes what is proven. */
  apply: boolean;
  /** Lets the pipe process the stream to its end, stops it, and starts it again afterwards. */
  stop: boolean;
  /** Called from time to time with the number of tweets read. */
  onProgress(tweets: number): void;
}

/**
 * Seconds within which a removal that the archive pipe has delivered is in an archive file.
 */
const archiveLagSeconds = 5;

/**
 * Compares every counter with the accepted tweets: stored, archived, or removed within the last day (docs/adr/0014).
 * With `apply` it writes what is proven; then it throws RecoveryError, having changed nothing, when the pipe runs or
 * dead letters are not settled.
 */
export async function reconcile(context: RecoveryContext, options: ReconcileOptions): Promise<ReconcileReport> {
  const name = context.stack.IngestPipeName;
  if (options.apply && !options.stop && (await describePipe(context.clients, name)).state !== 'STOPPED') {
    throw new RecoveryError(
      `The pipe ${name} is not stopped. Counters are repaired only while nothing else changes them. ${howToStop(name)}`,
      {
        isRefusal: true,
      },
    );
  }
  if (!options.stop) return compareAndRepair(context, options, undefined);
  try {
    await startPipe(context, name);
    const drained = await proveDrained(context);
    await stopPipe(context, name);
    return await compareAndRepair(context, options, drained);
  } finally {
    await startPipe(context, name);
  }
}

async function compareAndRepair(
  context: RecoveryContext,
  options: ReconcileOptions,
  drained: DrainedUpTo | undefined,
): Promise<ReconcileReport> {
  if (options.apply) await assertNoDeadLetters(context);
  const file = new EvidenceFile();
  try {
    const shards = new Map((await streamShards(context)).map((shard) => [shard.shardId, shard]));
    await readOutOfOrder(context, file);
    // Counters are read before the tweets: what is counted by now was stored before, so it is found afterwards.
    const evidence = new Evidence(await readCounters(context), file, { shards, drained });
    const found = { stored: 0, archived: 0, removedLately: 0 };
    const rows = { keysOnly: 0, unreadable: 0 };
    const progress = () => {
      const tweets = found.stored + found.archived + found.removedLately;
      if (tweets % 100 === 0) options.onProgress(tweets);
      context.signal.throwIfAborted();
    };
    const readArchive = async () => {
      for await (const row of archivedTweets(context, file)) {
        if (row.kind === 'keys-only') rows.keysOnly += 1;
        else if (row.kind === 'unreadable') rows.unreadable += 1;
        else if (evidence.add(row)) found.archived += 1;
        progress();
      }
    };
    for await (const tweet of storedTweets(context)) {
      if (evidence.add(tweet)) found.stored += 1;
      progress();
    }
    await readArchive();
    if ([...evidence.counters.values()].some((counter) => storedCount(counter) !== counter.expected)) {
      // Last, because it reads a day of the table's stream: removals whose rows are not in the archive yet.
      for await (const tweet of removedTweets(context)) {
        if (evidence.add(tweet)) found.removedLately += 1;
        progress();
      }
      await context.clock.sleep(archiveLagSeconds * 1000, context.signal);
      await readArchive();
    }
    const gaps = await evidenceGaps(context, rows);
    const { differences, equal } = compare(evidence.counters, gaps.length === 0);
    if (options.apply) await repair(context, evidence.counters, differences);
    return {
      applied: options.apply,
      drained: drained !== undefined,
      counters: evidence.counters.size,
      equal,
      evidence: found,
      statuses: tally(differences),
      differences: differences.sort(bySize).slice(0, mostDifferences),
      gaps,
      unattributed: evidence.unattributed,
      outOfOrderWithoutTweet: file.count('out-of-order') - file.count('explained'),
    };
  } finally {
    file.close();
  }
}

/** Throws while dead letters are left: after a repair, redrive would count their records a second time. */
async function assertNoDeadLetters(context: RecoveryContext): Promise<void> {
  const pipe = await describePipe(context.clients, context.stack.IngestPipeName);
  const { visible, hidden } = await (await DeadLetterQueue.open(context, pipe.deadLetterArn)).depth();
  if (visible + hidden === 0) return;
  throw new RecoveryError(
    `The dead-letter queue of ${pipe.name} holds ${visible + hidden} messages. Settle them first: npx tweet-pipes redrive --stop, with --dismiss-expired for those that have left the stream.`,
    { isRefusal: true },
  );
}

function compare(
  counters: ReadonlyMap<string, Counter>,
  isComplete: boolean,
): { differences: CounterDifference[]; equal: number } {
  const differences: CounterDifference[] = [];
  let equal = 0;
  for (const [hashtag, counter] of counters) {
    const count = storedCount(counter);
    const { expected, pending, outOfOrder } = counter;
    if (count === expected) equal += 1;
    else
      differences.push({
        hashtag,
        count: count ?? null,
        expected,
        status: statusOf(counter, isComplete),
        pending,
        outOfOrder,
      });
  }
  return { differences, equal };
}

function statusOf(counter: Counter, isComplete: boolean): DifferenceStatus {
  const count = storedCount(counter);
  if (counter.pending > 0) return 'in-doubt';
  if (count !== undefined && count < counter.expected) return 'low';
  if (!isComplete) return 'unproved';
  return count === undefined ? 'damaged' : 'high';
}

async function repair(
  context: RecoveryContext,
  counters: ReadonlyMap<string, Counter>,
  differences: CounterDifference[],
): Promise<void> {
  const { state } = await describePipe(context.clients, context.stack.IngestPipeName);
  if (state !== 'STOPPED')
    throw new RecoveryError('The pipe was started while the counters were compared; nothing was repaired.');
  const shardItems = await readShardItems(context.clients, context.stack.ShardTableName);
  for (const difference of differences) {
    context.signal.throwIfAborted();
    const counter = counters.get(difference.hashtag);
    if (counter === undefined || !['low', 'high', 'damaged'].includes(difference.status)) continue;
    difference.status = (await repairCounter(context, difference.hashtag, counter, shardItems)) ? 'repaired' : 'moved';
  }
}

function tally(differences: readonly CounterDifference[]): Record<DifferenceStatus, number> {
  const statuses = { low: 0, high: 0, damaged: 0, unproved: 0, 'in-doubt': 0, moved: 0, repaired: 0 };
  for (const { status } of differences) statuses[status] += 1;
  return statuses;
}

function bySize(a: CounterDifference, b: CounterDifference): number {
  const size = ({ count, expected }: CounterDifference) => Math.abs((count ?? 0) - expected);
  return size(b) - size(a) || (a.hashtag < b.hashtag ? -1 : 1);
}
