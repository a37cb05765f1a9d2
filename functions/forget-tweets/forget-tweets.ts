import { type Forgetting, forget } from '@tweet-pipes/kit/forgetting/forget';
import type { ForgettingReport } from '@tweet-pipes/kit/forgetting/report';
import { embeddedMetric, metricLine } from '../embedded-metrics.ts';

/**
 * What a run leaves of its time for what it has begun: 64 objects, and the results of queries. Lambda ends what takes
 * longer, which harms nothing.
 */
const marginMs = 120_000;

/** The invocation of a run. */
export interface Invocation {
  functionName: string;
  /** How long the run may take; milliseconds. */
  leftMs: number;
  /** Takes the lines of the log that publish metrics. */
  print(line: string): void;
}

/** The time was over before the end. Lambda invokes the function again, and that run goes on. */
class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError';

  constructor({ objectsRead, left }: ForgettingReport) {
    super(
      `The time was over after ${objectsRead} objects, with ${left} deleted tweets left. The next run goes on there.`,
    );
  }
}

/**
 * One run. It publishes `OldestDeletionSeconds` when it begins, and what it did when it ends (namespace `TweetPipes`,
 * dimension `FunctionName`). Throws UnfinishedError, and what `forget` throws.
 */
export async function forgetTweets(forgetting: Forgetting, invocation: Invocation): Promise<ForgettingReport> {
  const { functionName, leftMs, print } = invocation;
  const { clock } = forgetting;
  const publish = (values: Readonly<Record<string, { unit: string; value: number }>>, details: object = {}) => {
    const metrics = Object.entries(values).map(([name, { unit, value }]) =>
      embeddedMetric(name, unit, ['FunctionName'], { [name]: value }),
    );
    print(metricLine(metrics, functionName, clock.now(), { ...details }));
  };
  const report = await forget(forgetting, {
    deadlineMs: clock.now() + Math.max(0, leftMs - marginMs),
    onOldest: (value) => publish({ OldestDeletionSeconds: { unit: 'Seconds', value } }),
  });
  const rows = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
  publish(
    {
      ForgottenTweets: { unit: 'Count', value: report.forgotten },
      RemovedRows: { unit: 'Count', value: rows },
      SearchedBytes: { unit: 'Bytes', value: report.bytesRead },
    },
    { report },
  );
  if (!report.isComplete) throw new UnfinishedError(report);
  return report;
}
