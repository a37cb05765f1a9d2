import type { RecoveryContext } from './context.ts';
import { redriveArchive } from './redrive-archive.ts';
import { type RedriveIngestOptions, redriveIngest } from './redrive-ingest.ts';
import type { RedriveReport } from './redrive-report.ts';

/** Follows the dead letters of all three pipes (docs/adr/0014). Throws RecoveryError when it refuses. */
export async function redrive(context: RecoveryContext, options: RedriveIngestOptions): Promise<RedriveReport> {
  const ingest = await redriveIngest(context, options);
  const archives = [];
  for (const pipe of [context.stack.TweetArchivePipeName, context.stack.HashtagArchivePipeName]) {
    archives.push(await redriveArchive(context, pipe, options));
  }
  return { dryRun: options.dryRun, ingest, archives };
}
