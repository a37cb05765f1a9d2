import type { Pointer } from './dead-letter-pointer.ts';
import { RecoveryError } from './errors.ts';
import { ingestRecord } from './ingest-record.ts';
import { howToStop, startPipe, stopPipe } from './pause-pipe.ts';
import { describePipe } from './pipe.ts';
import { pointedRecords } from './pointed-records.ts';
import { pointedKinesisStream } from './pointed-streams.ts';
import { collectQueue, type QueueWork, workOff } from './redrive-queue.ts';
import { emptyOutcomes, emptyPipeReport, type IngestReport, mostNamed } from './redrive-report.ts';
import { type Settling, settleRecord } from './settle-record.ts';
import type { Surroundings } from './surroundings.ts';
import { workflowExtraction } from './workflow-extraction.ts';

export interface RedriveIngestOptions extends QueueWork {
  /** Stops the pipe when it runs, and starts it again afterwards, however the redrive ends. */
  stop: boolean;
}

/**
 * Longer than an execution of the workflow may take (its `TimeoutSeconds` and then some): one that its pipe lost sight
 * of has ended by then.
 */
const longestExecutionSeconds = 300;

/**
 * Follows the pointers of the ingest pipe. Throws RecoveryError, having changed nothing, when there are pointers and
 * the pipe runs.
 */
export async function redriveIngest(on: Surroundings, options: RedriveIngestOptions): Promise<IngestReport> {
  const pipe = await describePipe(on.clients, on.stack.IngestPipeName);
  const report: IngestReport = { ...emptyPipeReport(pipe.name), outcomes: emptyOutcomes(), named: [] };
  let collected = await collectQueue(on, pipe, options.reading);
  const isAtWork = collected.pointers.length > 0 && !options.dryRun && pipe.state !== 'STOPPED';
  if (isAtWork) {
    await collected.queue.release([...collected.foreign, ...collected.pointers.map(({ message }) => message)]);
    if (!options.stop) {
      throw new RecoveryError(
        `The pipe ${pipe.name} is ${pipe.state}. Redrive writes what it would write too, so it must be stopped. ${howToStop(pipe.name)}`,
        { isRefusal: true },
      );
    }
  }
  try {
    if (isAtWork) {
      await stopPipe(on, pipe.name);
      // All of them once more, with what it gave up while it stopped.
      collected = await collectQueue(on, pipe, options.reading);
    }
    await workOff(on, collected, report, options, settler(on, report, options.dryRun));
  } finally {
    // Also when it was stopped before: by a redrive that did not come to its end.
    if (options.stop && !options.dryRun) await startPipe(on, pipe.name);
  }
  return report;
}

/** Settles each record of a pointer, in the stream's order, and answers how many have left the stream. */
function settler(on: Surroundings, report: IngestReport, dryRun: boolean) {
  let prepared: ReturnType<typeof prepare> | undefined;
  return async (pointer: Pointer): Promise<{ expired: number }> => {
    prepared ??= prepare(on, dryRun);
    const how = { ...(await prepared), quietFromMs: pointer.givenUpMs + longestExecutionSeconds * 1000 };
    let found = 0;
    let lost = 1;
    for await (const streamRecord of pointedRecords(pointedKinesisStream(on.clients, pointer.streamArn), pointer)) {
      if (streamRecord.sequenceNumber === pointer.startSequence) lost = 0;
      const settled = await settleRecord(on, ingestRecord(streamRecord), how);
      found += 1;
      report.outcomes[settled.outcome] += 1;
      if (settled.outcome !== 'quarantined' && settled.outcome !== 'unproved') continue;
      if (report.named.length < mostNamed) report.named.push(settled);
    }
    return { expired: Math.max(lost, pointer.records - found) };
  };
}

async function prepare(on: Surroundings, dryRun: boolean): Promise<Omit<Settling, 'quietFromMs'>> {
  const extract = await workflowExtraction(on, on.stack.WorkflowArn);
  // As long as a listing: longer than the stream keeps the record that a repetition would have to read.
  const tweet = { delete: { status: { id_str: 'marker' } } };
  const listing = await extract({ eventId: 'marker:0', arrivedAt: on.clock.now() / 1000, tweet });
  if (listing.kind !== 'deletion') throw new RecoveryError('The workflow does not know its own delete notices.');
  return { extract, dryRun, markersExpireAt: listing.expiresAt };
}
