import { outageBackoff } from '@tweet-pipes/local-aws/pipes/backoff';
import { enrichedElements } from '@tweet-pipes/local-aws/pipes/enrichment/enrichment';
import { lambdaEnrichment } from '@tweet-pipes/local-aws/pipes/enrichment/lambda-enrichment';
import type { StreamRecord } from '@tweet-pipes/local-aws/pipes/sources/record';
import { firehoseTarget, maximumFirehoseRecords } from '@tweet-pipes/local-aws/pipes/targets/firehose-target';
import { RecoveryError } from './errors.ts';
import { describePipe } from './pipe.ts';
import { pointedRecords } from './pointed-records.ts';
import { pointedTableStream } from './pointed-streams.ts';
import { collectQueue, type QueueWork, workOff } from './redrive-queue.ts';
import { type ArchiveReport, emptyPipeReport } from './redrive-report.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Events of one call: images of up to 400 KB, twice, must fit into the 6 MB of a Lambda payload and the rows into the 4
 * MiB of a PutRecordBatch.
 */
const mostBytes = 2_500_000;

/**
 * Follows the pointers of an archive pipe: the removals are flattened by the pipe's own function and put into its own
 * Firehose once more. The pipe may run: a row that comes twice is what its readers reckon with (docs/records.md,
 * "Archive rows").
 */
export async function redriveArchive(on: Surroundings, pipeName: string, work: QueueWork): Promise<ArchiveReport> {
  const pipe = await describePipe(on.clients, pipeName);
  const report: ArchiveReport = { ...emptyPipeReport(pipe.name), rows: 0 };
  const { enrichmentArn } = pipe;
  if (enrichmentArn === undefined) {
    throw new RecoveryError(`The pipe ${pipe.name} flattens nothing: it is not a pipe of this project.`, {
      isRefusal: true,
    });
  }
  const enrichment = lambdaEnrichment(() => on.clients.lambda, enrichmentArn);
  const target = firehoseTarget({
    client: () => on.clients.firehose,
    deliveryStreamName: pipe.targetArn.slice(pipe.targetArn.lastIndexOf('/') + 1),
    clock: on.clock,
    backoff: outageBackoff(on.random),
  });
  const deliver = async (removals: readonly StreamRecord[]): Promise<void> => {
    if (removals.length === 0 || work.dryRun) return;
    const answer = await enrichment.invoke(JSON.stringify(removals.map(({ event }) => event)), on.signal);
    const rows = enrichedElements(answer) ?? [];
    await target.deliver(
      rows.map((row) => JSON.stringify(row)),
      on.signal,
    );
  };
  const stream = pointedTableStream(on.clients, pipe.sourceArn);
  await workOff(on, await collectQueue(on, pipe, work.reading), report, work, async (pointer) => {
    let found = 0;
    let lost = 1;
    let waiting: StreamRecord[] = [];
    let bytes = 0;
    for await (const record of pointedRecords(stream, pointer)) {
      if (record.sequenceNumber === pointer.startSequence) lost = 0;
      // What the pipe's filter lets through.
      if (record.event.eventName !== 'REMOVE') continue;
      found += 1;
      if (waiting.length === maximumFirehoseRecords || bytes + record.bytes > mostBytes) {
        await deliver(waiting);
        [waiting, bytes] = [[], 0];
      }
      waiting.push(record);
      bytes += record.bytes;
    }
    await deliver(waiting);
    report.rows += found;
    return { expired: Math.max(lost, pointer.records - found) };
  });
  return report;
}
