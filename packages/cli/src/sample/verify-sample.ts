import { CliError } from '../cli-error.ts';
import { underWay } from '../explain.ts';
import type { Connection } from '../stack/connect.ts';
import { Progress } from '../terminal/progress.ts';
import { plural, type Terminal } from '../terminal/terminal.ts';
import { compareStores, type Difference } from '../verification/compare.ts';
import { expectStores, settled } from '../verification/expectation.ts';
import { mentionsIn } from '../verification/mentions.ts';
import { outcomeOf } from '../verification/outcome.ts';
import { ObjectReader } from '../verification/read-objects.ts';
import { readStoresOfRun } from '../verification/read-stores.ts';
import { emptyStores, type SentRecord, type Stores } from '../verification/stores.ts';
import { feedSample } from './feed-sample.ts';
import { jsonSummary, printOutcome, printRow, printVerdict, type Verified } from './report.ts';

/** What one look at the stores has shown. */
interface Look {
  found: Stores;
  differences: Difference[];
  /** The records under the event ids that did the work. */
  settledSent: SentRecord[];
}

/** Waits between two looks at the stores grow from half a second to five. */
const look = { firstMs: 500, longestMs: 5_000 };

/**
 * Feeds a sample of its own and looks at the stores until they hold what they must, twice in a row, or the time is
 * over.
 */
export async function verify(
  { clients, outputs, endpoint }: Connection,
  options: { seed: number; records: number; timeout: number; json?: true },
  terminal: Terminal,
): Promise<void> {
  const { clock } = terminal;
  const signal = terminal.interruptible();
  const startMs = clock.now();
  const runId = terminal.random.uuid();
  terminal.err(
    `Feeding ${plural(options.records, 'record')} to ${outputs.TweetStreamName} at ${endpoint}, run ${runId}.`,
  );
  const { sent } = await feedSample(
    { ...options, runId },
    { clients, streamName: outputs.TweetStreamName, terminal, signal },
  );

  const access = { clients, outputs, clock, objects: new ObjectReader(clients, outputs.ArchiveBucketName) };
  const mentions = mentionsIn(sent.map(({ record }) => record));
  const deadlineMs = clock.now() + options.timeout * 1000;
  const progress = new Progress(terminal, 'waiting for the stores');
  const lookOnce = async (): Promise<Look> => {
    const found = await readStoresOfRun(access, mentions, sent, startMs);
    const settledSent = settled(sent, found);
    return { found, settledSent, differences: compareStores(expectStores(emptyStores(), settledSent), found) };
  };
  const untilSettled = async (): Promise<Look> => {
    let inARow = 0;
    for (let waitMs = look.firstMs; ; waitMs = Math.min(look.longestMs, waitMs * 1.5)) {
      const seen = await lookOnce();
      progress.update(seen.differences.length, `differences left: ${byStore(seen.differences)}`);
      inARow = seen.differences.length === 0 ? inARow + 1 : 0;
      if (inARow === 2 || clock.now() >= deadlineMs) return seen;
      if (signal.aborted) throw new CliError('Interrupted before the stores had settled.', { exitCode: 2 });
      await clock.sleep(waitMs, signal);
    }
  };
  const { found, differences, settledSent } = await underWay(terminal, untilSettled).finally(() => progress.stop());
  const verified: Verified = {
    outcome: outcomeOf(settledSent, emptyStores(), found),
    found,
    differences,
    seconds: (clock.now() - startMs) / 1000,
    endpoint,
  };
  if (options.json) terminal.out(JSON.stringify(jsonSummary(verified, { runId })));
  else {
    terminal.out(terminal.bold(`Run ${runId} at ${endpoint}, ${verified.seconds.toFixed(1)} s`));
    printOutcome(terminal, verified);
    if (found.archive.size > 0) terminal.out('A row of the archive:');
    printRow(terminal, found.archive.values().next().value);
    printVerdict(terminal, verified);
  }
  if (differences.length > 0) terminal.exitCode = 2;
}

function byStore(differences: readonly Difference[]): string {
  const counts = new Map<string, number>();
  for (const { store } of differences) counts.set(store, (counts.get(store) ?? 0) + 1);
  return [...counts].map(([store, count]) => `${store} ${count}`).join(', ');
}
