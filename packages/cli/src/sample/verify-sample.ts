import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import type { SampleOptions } from '@tweet-pipes/producer/sample/sample';
import { underWay } from '../explain.ts';
import type { Connection } from '../stack/connect.ts';
import type { LakeOutputs } from '../stack/lake-outputs.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { compareStores, type Difference } from '../verification/compare.ts';
import { expectStores, settled } from '../verification/expectation.ts';
import { mentionsIn } from '../verification/mentions.ts';
import { outcomeOf } from '../verification/outcome.ts';
import { ObjectReader } from '../verification/read-objects.ts';
import { readStoresOfRun } from '../verification/read-stores.ts';
import { emptyStores, type SentRecord, type Stores } from '../verification/stores.ts';
import { feedSample } from './feed-sample.ts';
import type { Verified } from './report.ts';
import { verifyLake } from './verify-lake.ts';

/** What one look at the stores shows. */
interface Look {
  found: Stores;
  differences: Difference[];
  /** The sent records, each with the event id under which it was processed. */
  settledSent: SentRecord[];
}

/** Bounds of the wait between two looks, which grows. */
const wait = { firstMs: 500, longestMs: 5_000 };

/**
 * Feeds a sample to a stack and looks at the stores until they hold what they must, twice in a row, or
 * `timeoutSeconds` are over; then at the lake, if there is one. Throws CliError, exit code 2, when interrupted or when
 * a record was lost.
 */
export async function verifySample(
  sample: SampleOptions & { runId: string },
  timeoutSeconds: number,
  { clients, outputs, endpoint, lake }: Connection & { lake: LakeOutputs | undefined },
  terminal: Terminal,
): Promise<Verified> {
  const { clock } = terminal;
  const signal = terminal.interruptible();
  const startMs = clock.now();
  const { sent } = await feedSample(sample, {
    clients,
    streamName: outputs.TweetStreamName,
    terminal,
    signal,
  });

  const access = { clients, outputs, clock, objects: new ObjectReader(clients, outputs.ArchiveBucketName) };
  const mentions = mentionsIn(sent.map(({ record }) => record));
  const deadlineMs = clock.now() + timeoutSeconds * 1000;
  const progress = new Progress(terminal, 'waiting for the stores');
  const lookOnce = async (): Promise<Look> => {
    const found = await readStoresOfRun(access, mentions, sent, startMs);
    const settledSent = settled(sent, found);
    return { found, settledSent, differences: compareStores(expectStores(emptyStores(), settledSent), found) };
  };
  const untilSettled = async (): Promise<Look> => {
    let inARow = 0;
    for (let waitMs = wait.firstMs; ; waitMs = Math.min(wait.longestMs, waitMs * 1.5)) {
      const seen = await lookOnce();
      progress.update(seen.differences.length, `differences left: ${byStore(seen.differences)}`);
      inARow = seen.differences.length === 0 ? inARow + 1 : 0;
      if (inARow === 2 || clock.now() >= deadlineMs) return seen;
      if (signal.aborted) throw new CliError('Interrupted before the stores had settled.', { exitCode: 2 });
      await clock.sleep(waitMs, signal);
    }
  };
  const { found, differences, settledSent } = await underWay(terminal, untilSettled).finally(() => progress.stop());
  const lakeLook =
    lake &&
    (await verifyLake(
      { clients, endpoint, lake, sent: settledSent, found, sinceMs: startMs, deadlineMs },
      terminal,
      signal,
    ));
  return {
    outcome: outcomeOf(settledSent, emptyStores(), found),
    found,
    differences: [...differences, ...(lakeLook?.differences ?? [])],
    lake: lakeLook?.lake,
    seconds: (clock.now() - startMs) / 1000,
    endpoint,
  };
}

function byStore(differences: readonly Difference[]): string {
  const counts = new Map<string, number>();
  for (const { store } of differences) counts.set(store, (counts.get(store) ?? 0) + 1);
  return [...counts].map(([store, count]) => `${store} ${count}`).join(', ');
}
