import { outageBackoff } from '@tweet-pipes/local-aws/pipes/backoff';
import { enrichedElements } from '@tweet-pipes/local-aws/pipes/enrichment/enrichment';
import { lambdaEnrichment } from '@tweet-pipes/local-aws/pipes/enrichment/lambda-enrichment';
import type { StreamRecord } from '@tweet-pipes/local-aws/pipes/sources/record';
import { firehoseTarget, maximumFirehoseRecords } from '@tweet-pipes/local-aws/pipes/targets/firehose-target';
import type { RecoveryContext } from './context.ts';
import { RecoveryError } from './errors.ts';
import { givenUpRecords } from './given-up-records.ts';
import { describePipe } from './pipe.ts';
import { collectQueue, processQueue, type QueueWork } from './redrive-queue.ts';
import { type ArchiveReport, emptyPipeReport } from './redrive-report.ts';
import { tableStreamReader } from './stream-readers.ts';

/**
 * Bytes of the events in one call. An event holds images of up to 400 KB; the events must fit into the 6 MB of a Lambda
 * payload, and their rows into the 4 MiB of a PutRecordBatch.
 */
const mostBytes = 2_500_000;

/**
 * Follows the dead letters of an archive pipe: the pipe's function flattens the removals, and its Firehose delivers
 * them. The pipe may run, because readers expect duplicate rows (docs/records.md, "Archive rows").
 */
export async function redriveArchive(
  context: RecoveryContext,
  pipeName: string,
  work: QueueWork,
): Promise<ArchiveReport> {
  const pipe = await describePipe(context.clients, pipeName);
  const report: ArchiveReport = { ...emptyPipeReport(pipe.name), rows: 0 };
  const { enrichmentArn } = pipe;
  if (enrichmentArn === undefined) {
    throw new RecoveryError(`The pipe ${pipe.name} flattens nothing: it is not a pipe of this project.`, {
      isRefusal: true,
    });
  }
  const enrichment = lambdaEnrichment(() => context.clients.lambda, enrichmentArn);
  const target = firehoseTarget({
    client: () => context.clients.firehose,
    deliveryStreamName: pipe.targetArn.slice(pipe.targetArn.lastIndexOf('/') + 1),
    clock: context.clock,
    backoff: outageBackoff(context.random),
  });
  const deliver = async (removals: readonly StreamRecord[]): Promise<void> => {
    if (removals.length === 0 || work.dryRun) return;
    const answer = await enrichment.invoke(JSON.stringify(removals.map(({ event }) => event)), context.signal);
    const rows = enrichedElements(answer) ?? [];
    await target.deliver(
      rows.map((row) => ({ text: JSON.stringify(row), event: row })),
      context.signal,
    );
  };
  const stream = tableStreamReader(context.clients, pipe.sourceArn);
  await processQueue(context, await collectQueue(context, pipe, work.reading), report, work, async (deadLetter) => {
    let found = 0;
    let lost = 1;
    let waiting: StreamRecord[] = [];
    let bytes = 0;
    for await (const record of givenUpRecords(stream, deadLetter)) {
      if (record.sequenceNumber === deadLetter.startSequence) lost = 0;
      // As the pipe's filter does.
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
    return { expired: Math.max(lost, deadLetter.records - found) };
  });
  return report;
}
