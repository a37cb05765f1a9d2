import type { RecoveryContext } from './context.ts';
import type { DeadLetter } from './dead-letter.ts';
import { RecoveryError } from './errors.ts';
import { givenUpRecords } from './given-up-records.ts';
import { ingestRecord } from './ingest-record.ts';
import { howToStop, startPipe, stopPipe } from './pause-pipe.ts';
import { describePipe } from './pipe.ts';
import { collectQueue, processQueue, type QueueWork } from './redrive-queue.ts';
import { emptyOutcomes, emptyPipeReport, type IngestReport, mostNamed } from './redrive-report.ts';
import { type Settling, settleRecord } from './settle-record.ts';
import { kinesisReader } from './stream-readers.ts';
import { workflowExtraction } from './workflow-extraction.ts';

export interface RedriveIngestOptions extends QueueWork {
  /** Stops the pipe when it runs, and starts it again afterwards, however the redrive ends. */
  stop: boolean;
}

/**
 * Longer than the workflow's `TimeoutSeconds`, so that an execution whose answer its pipe has lost is over by then.
 */
const longestExecutionSeconds = 300;

/**
 * Follows the dead letters of the ingest pipe. Throws RecoveryError, having changed nothing, when there are dead
 * letters and the pipe runs.
 */
export async function redriveIngest(context: RecoveryContext, options: RedriveIngestOptions): Promise<IngestReport> {
  const pipe = await describePipe(context.clients, context.stack.IngestPipeName);
  const report: IngestReport = { ...emptyPipeReport(pipe.name), outcomes: emptyOutcomes(), named: [] };
  let collected = await collectQueue(context, pipe, options.reading);
  const isAtWork = collected.deadLetters.length > 0 && !options.dryRun && pipe.state !== 'STOPPED';
  if (isAtWork) {
    await collected.queue.release([...collected.foreign, ...collected.deadLetters.map(({ message }) => message)]);
    if (!options.stop) {
      throw new RecoveryError(
        `The pipe ${pipe.name} is ${pipe.state}. Redrive writes what it would write too, so it must be stopped. ${howToStop(pipe.name)}`,
        { isRefusal: true },
      );
    }
  }
  try {
    if (isAtWork) {
      await stopPipe(context, pipe.name);
      // Reads the queue again: the pipe may have given up more while it stopped.
      collected = await collectQueue(context, pipe, options.reading);
    }
    await processQueue(context, collected, report, options, settler(context, report, options.dryRun));
  } finally {
    // Also when it was stopped before: a redrive that crashed may have stopped it.
    if (options.stop && !options.dryRun) await startPipe(context, pipe.name);
  }
  return report;
}

/** Settles each record of a dead letter, in the order of the stream; resolves with how many have left the stream. */
function settler(context: RecoveryContext, report: IngestReport, dryRun: boolean) {
  let prepared: ReturnType<typeof prepare> | undefined;
  return async (deadLetter: DeadLetter): Promise<{ expired: number }> => {
    prepared ??= prepare(context, dryRun);
    const how = { ...(await prepared), quietFromMs: deadLetter.givenUpMs + longestExecutionSeconds * 1000 };
    let found = 0;
    let lost = 1;
    for await (const streamRecord of givenUpRecords(kinesisReader(context.clients, deadLetter.streamArn), deadLetter)) {
      if (streamRecord.sequenceNumber === deadLetter.startSequence) lost = 0;
      const settled = await settleRecord(context, ingestRecord(streamRecord), how);
      found += 1;
      report.outcomes[settled.outcome] += 1;
      if (settled.outcome !== 'quarantined' && settled.outcome !== 'unproved') continue;
      if (report.named.length < mostNamed) report.named.push(settled);
    }
    return { expired: Math.max(lost, deadLetter.records - found) };
  };
}

async function prepare(context: RecoveryContext, dryRun: boolean): Promise<Omit<Settling, 'quietFromMs'>> {
  const extract = await workflowExtraction(context, context.stack.WorkflowArn);
  // Markers expire like tombstones: later than the stream forgets the record, so no redrive can read it any more.
  const tweet = { delete: { status: { id_str: 'marker' } } };
  const tombstone = await extract({ eventId: 'marker:0', arrivedAt: context.clock.now() / 1000, tweet });
  if (tombstone.kind !== 'deletion') throw new RecoveryError('The workflow does not know its own delete notices.');
  return { extract, dryRun, markersExpireAt: tombstone.expiresAt };
}
