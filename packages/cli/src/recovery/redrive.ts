import { redriveArchive } from './redrive-archive.ts';
import { type RedriveIngestOptions, redriveIngest } from './redrive-ingest.ts';
import type { RedriveReport } from './redrive-report.ts';
import type { Surroundings } from './surroundings.ts';

/** Follows the pointers of all three pipes; docs/adr/0014. Throws RecoveryError when it refuses. */
export async function redrive(on: Surroundings, options: RedriveIngestOptions): Promise<RedriveReport> {
  const ingest = await redriveIngest(on, options);
  const archives = [];
  for (const pipe of [on.stack.TweetArchivePipeName, on.stack.HashtagArchivePipeName]) {
    archives.push(await redriveArchive(on, pipe, options));
  }
  return { dryRun: options.dryRun, ingest, archives };
}
