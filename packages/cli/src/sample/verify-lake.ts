import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { underWay } from '../explain.ts';
import type { LakeOutputs } from '../stack/lake-outputs.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Difference } from '../verification/compare.ts';
import { compareLake } from '../verification/compare-lake.ts';
import { type Lake, readLakeOfRun } from '../verification/read-lake.ts';
import type { SentRecord, Stores } from '../verification/stores.ts';
import { waitingSentence } from '../verification/waiting.ts';

/** What the lake is compared with, and until when. */
export interface LakeRun {
  clients: AwsClients;
  /** As text to print: the endpoint, or the AWS region. */
  endpoint: string;
  lake: LakeOutputs;
  sent: readonly SentRecord[];
  found: Stores;
  /** Epoch milliseconds, before the first record. */
  sinceMs: number;
  /** Epoch milliseconds. */
  deadlineMs: number;
}

/** Bounds of the wait between two looks, which grows. AWS bills 10 MB for each of three queries. */
const wait = { firstMs: 500, longestMs: 30_000 };

/**
 * Looks at the lake until it holds what it must or the time is over. Throws CliError, exit code 2, when interrupted or
 * when a query fails.
 */
export async function verifyLake(
  { clients, endpoint, lake, sent, found, sinceMs, deadlineMs }: LakeRun,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ lake: Lake; differences: Difference[] }> {
  const { clock } = terminal;
  terminal.err(await waitingSentence({ clients, endpoint }, 'the lake', lake.LakeDeliveryStreamName));
  const progress = new Progress(terminal, 'waiting for the lake');
  const untilSettled = async (): Promise<{ lake: Lake; differences: Difference[] }> => {
    for (let waitMs = wait.firstMs; ; waitMs = Math.min(wait.longestMs, waitMs * 1.5)) {
      const seen = await readLakeOfRun({ clients, lake }, terminal, sent, sinceMs);
      const differences = compareLake(sent, found, seen);
      progress.update(differences.length, 'differences left');
      if (differences.length === 0 || clock.now() >= deadlineMs) return { lake: seen, differences };
      if (signal.aborted) throw new CliError('Interrupted before the lake had settled.', { exitCode: 2 });
      await clock.sleep(waitMs, signal);
    }
  };
  return underWay(terminal, untilSettled).finally(() => progress.stop());
}
