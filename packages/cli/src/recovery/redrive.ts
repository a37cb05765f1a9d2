import type { RecoveredStack, RecoveryTools } from './context.ts';
import { redriveDelivery } from './redrive-delivery.ts';
import { type RedriveIngestOptions, redriveIngest } from './redrive-ingest.ts';
import type { DeliveryReport, RedriveReport } from './redrive-report.ts';

/** The pipes whose dead letters are followed. */
export interface RedrivenPipes {
  /** The stack with the pipeline of tweets; undefined where it is not deployed. */
  core: RecoveredStack | undefined;
  /** Names of pipes of other stacks that read the stream of a table. */
  others: readonly string[];
}

/**
 * Follows the dead letters of the core's three pipes (docs/adr/0014), then of the pipes beside it. Throws RecoveryError
 * when it refuses.
 */
export async function redrive(
  tools: RecoveryTools,
  { core, others }: RedrivenPipes,
  options: RedriveIngestOptions,
): Promise<RedriveReport> {
  const ingest = core === undefined ? null : await redriveIngest({ ...tools, stack: core }, options);
  const deliver = async (pipes: readonly string[]): Promise<DeliveryReport[]> => {
    const reports = [];
    for (const pipe of pipes) reports.push(await redriveDelivery(tools, pipe, options));
    return reports;
  };
  const archives = core === undefined ? [] : [core.TweetArchivePipeName, core.HashtagArchivePipeName];
  return {
    dryRun: options.dryRun,
    ingest,
    archives: await deliver(archives),
    others: await deliver(others),
  };
}
