import { archivedTweets } from './archived-tweets.ts';
import { type Counter, readCounters, storedCount } from './counters.ts';
import { DeadLetters } from './dead-letter-queue.ts';
import { type DrainedUpTo, proveDrained } from './drain-proof.ts';
import { RecoveryError } from './errors.ts';
import { Evidence } from './evidence.ts';
import { EvidenceFile } from './evidence-file.ts';
import { evidenceGaps } from './evidence-gaps.ts';
import { readOutOfOrder } from './out-of-order.ts';
import { howToStop, startPipe, stopPipe } from './pause-pipe.ts';
import { describePipe } from './pipe.ts';
import { type Difference, type DifferenceStatus, mostDifferences, type ReconcileReport } from './reconcile-report.ts';
import { removedTweets } from './removed-tweets.ts';
import { repairCounter } from './repair-counter.ts';
import { storedTweets } from './stored-tweets.ts';
import { streamShards } from './stream-shards.ts';
import type { Surroundings } from './surroundings.ts';

export interface ReconcileOptions {
  /** Writes what is proven. */
  apply: boolean;
  /** Lets the pipe process everything, stops it, and starts it again in the end. */
  stop: boolean;
  /** Called now and then with the number of tweets looked at. */
  onProgress(tweets: number): void;
}

/**
 * What the archive pipe has handed over is in an archive file, or still in the table's stream, within so many seconds.
 */
const archiveLagSeconds = 5;

/**
 * Compares every counter with the tweets that were accepted: those stored, those in the archive, and those removed
 * lately. With `apply` it writes what is proven. Throws RecoveryError, having changed nothing, when it is to repair and
 * the pipe runs or its dead letters are not settled. docs/adr/0014.
 */
export async function reconcile(on: Surroundings, options: ReconcileOptions): Promise<ReconcileReport> {
  const name = on.stack.IngestPipeName;
  if (options.apply && !options.stop && (await describePipe(on.clients, name)).state !== 'STOPPED') {
    throw new RecoveryError(
      `The pipe ${name} is not stopped. Counters are repaired only while nothing else changes them. ${howToStop(name)}`,
      {
        isRefusal: true,
      },
    );
  }
  if (!options.stop) return compareAndRepair(on, options, undefined);
  try {
    await startPipe(on, name);
    const drained = await proveDrained(on);
    await stopPipe(on, name);
    return await compareAndRepair(on, options, drained);
  } finally {
    await startPipe(on, name);
  }
}

async function compareAndRepair(
  on: Surroundings,
  options: ReconcileOptions,
  drained: DrainedUpTo | undefined,
): Promise<ReconcileReport> {
  if (options.apply) await assertNoDeadLetters(on);
  const file = new EvidenceFile();
  try {
    const shards = new Map((await streamShards(on)).map((shard) => [shard.shardId, shard]));
    await readOutOfOrder(on, file);
    // Before the tweets: what a counter has counted by now was stored before, so that it is found by what follows.
    const evidence = new Evidence(await readCounters(on), file, { shards, drained });
    const found = { stored: 0, archived: 0, removedLately: 0 };
    const rows = { keysOnly: 0, unreadable: 0 };
    const progress = () => {
      const tweets = found.stored + found.archived + found.removedLately;
      if (tweets % 100 === 0) options.onProgress(tweets);
      on.signal.throwIfAborted();
    };
    const readArchive = async () => {
      for await (const row of archivedTweets(on, file)) {
        if (row.kind === 'keys-only') rows.keysOnly += 1;
        else if (row.kind === 'unreadable') rows.unreadable += 1;
        else if (evidence.add(row)) found.archived += 1;
        progress();
      }
    };
    for await (const tweet of storedTweets(on)) {
      if (evidence.add(tweet)) found.stored += 1;
      progress();
    }
    await readArchive();
    if ([...evidence.counters.values()].some((counter) => storedCount(counter) !== counter.expected)) {
      // Only now, since it reads a day of the table's stream: rows that were on their way to the archive.
      for await (const tweet of removedTweets(on)) {
        if (evidence.add(tweet)) found.removedLately += 1;
        progress();
      }
      await on.clock.sleep(archiveLagSeconds * 1000, on.signal);
      await readArchive();
    }
    const gaps = await evidenceGaps(on, rows);
    const { differences, equal } = compare(evidence.counters, gaps.length === 0);
    if (options.apply) await repair(on, evidence.counters, differences);
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

/** Redrive counts what it proves to be uncounted; after a repair it would count it once more. */
async function assertNoDeadLetters(on: Surroundings): Promise<void> {
  const pipe = await describePipe(on.clients, on.stack.IngestPipeName);
  const { visible, hidden } = await (await DeadLetters.open(on, pipe.deadLetterArn)).depth();
  if (visible + hidden === 0) return;
  throw new RecoveryError(
    `The dead-letter queue of ${pipe.name} holds ${visible + hidden} messages. Settle them first: npx tweet-pipes redrive --stop, with --dismiss-expired for those that have left the stream.`,
    { isRefusal: true },
  );
}

function compare(
  counters: ReadonlyMap<string, Counter>,
  isComplete: boolean,
): { differences: Difference[]; equal: number } {
  const differences: Difference[] = [];
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
  on: Surroundings,
  counters: ReadonlyMap<string, Counter>,
  differences: Difference[],
): Promise<void> {
  const { state } = await describePipe(on.clients, on.stack.IngestPipeName);
  if (state !== 'STOPPED')
    throw new RecoveryError('Somebody started the pipe while its counters were compared; nothing was repaired.');
  for (const difference of differences) {
    on.signal.throwIfAborted();
    const counter = counters.get(difference.hashtag);
    if (counter === undefined || !['low', 'high', 'damaged'].includes(difference.status)) continue;
    difference.status = (await repairCounter(on, difference.hashtag, counter)) ? 'repaired' : 'moved';
  }
}

function tally(differences: readonly Difference[]): Record<DifferenceStatus, number> {
  const statuses = { low: 0, high: 0, damaged: 0, unproved: 0, 'in-doubt': 0, moved: 0, repaired: 0 };
  for (const { status } of differences) statuses[status] += 1;
  return statuses;
}

function bySize(a: Difference, b: Difference): number {
  const size = ({ count, expected }: Difference) => Math.abs((count ?? 0) - expected);
  return size(b) - size(a) || (a.hashtag < b.hashtag ? -1 : 1);
}
