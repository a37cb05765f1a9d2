import type { RecoveryContext } from './context.ts';
import { redriveDelivery } from './redrive-delivery.ts';
import { type RedriveIngestOptions, redriveIngest } from './redrive-ingest.ts';
import type { DeliveryReport, RedriveReport } from './redrive-report.ts';

/**
 * Follows the dead letters of the core's three pipes (docs/adr/0014), then of the pipes beside it. Throws RecoveryError
 * when it refuses.
 */
export async function redrive(context: RecoveryContext, options: RedriveIngestOptions): Promise<RedriveReport> {
  const ingest = await redriveIngest(context, options);
  const deliver = async (pipes: readonly string[]): Promise<DeliveryReport[]> => {
    const reports = [];
    for (const pipe of pipes) reports.push(await redriveDelivery(context, pipe, options));
    return reports;
  };
  const { TweetArchivePipeName, HashtagArchivePipeName } = context.stack;
  const archives = await deliver([TweetArchivePipeName, HashtagArchivePipeName]);
  return { dryRun: options.dryRun, ingest, archives, others: await deliver(context.otherPipes) };
}
