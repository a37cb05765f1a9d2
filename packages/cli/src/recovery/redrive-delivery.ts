import { sentence } from '@tweet-pipes/kit/thrown';
import { type Redelivery, redelivery } from '@tweet-pipes/local-aws/pipes/redelivery';
import type { StreamRecord } from '@tweet-pipes/local-aws/pipes/sources/record';
import type { RecoveryTools } from './context.ts';
import { RecoveryError } from './errors.ts';
import { givenUpRecords } from './given-up-records.ts';
import { type DescribedPipe, describePipe } from './pipe.ts';
import { collectQueue, processQueue, type QueueWork } from './redrive-queue.ts';
import { type DeliveryReport, emptyPipeReport } from './redrive-report.ts';
import { tableStreamReader } from './stream-readers.ts';

/**
 * Bytes of the events in one call. An event holds images of up to 400 KB; the events must fit into the 6 MB of a Lambda
 * payload, and their rows into the 4 MiB of a PutRecordBatch.
 */
const mostBytes = 2_500_000;

/**
 * Follows the dead letters of a pipe that reads the stream of a table: its own enrichment and target take the records
 * once more. The pipe may run, because readers of what it delivers expect each row more than once.
 */
export async function redriveDelivery(
  context: RecoveryTools,
  pipeName: string,
  work: QueueWork,
): Promise<DeliveryReport> {
  const pipe = await describePipe(context.clients, pipeName);
  const report: DeliveryReport = { ...emptyPipeReport(pipe.name), rows: 0 };
  const { filter, batchSize, deliver } = deliveryOf(pipe, context);
  const send = async (records: readonly StreamRecord[]): Promise<void> => {
    if (records.length > 0 && !work.dryRun) await deliver(records, context.signal);
  };
  const stream = tableStreamReader(context.clients, pipe.sourceArn);
  await processQueue(context, await collectQueue(context, pipe, work.reading), report, work, async (deadLetter) => {
    let found = 0;
    let lost = 1;
    let waiting: StreamRecord[] = [];
    let bytes = 0;
    for await (const record of givenUpRecords(stream, deadLetter)) {
      if (record.sequenceNumber === deadLetter.startSequence) lost = 0;
      if (!filter(record)) continue;
      found += 1;
      if (waiting.length === batchSize || bytes + record.bytes > mostBytes) {
        await send(waiting);
        [waiting, bytes] = [[], 0];
      }
      waiting.push(record);
      bytes += record.bytes;
    }
    await send(waiting);
    report.rows += found;
    return { expired: Math.max(lost, deadLetter.records - found) };
  });
  return report;
}

function deliveryOf(pipe: DescribedPipe, { clients, clock, random }: RecoveryTools): Redelivery {
  try {
    return redelivery(pipe.delivery, { clients, clock, random });
  } catch (cause) {
    throw new RecoveryError(`Redrive cannot deliver what the pipe ${pipe.name} gave up: ${sentence(cause)}`, {
      isRefusal: true,
      cause,
    });
  }
}
