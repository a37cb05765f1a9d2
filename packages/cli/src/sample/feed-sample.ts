import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { formatPosition } from '@tweet-pipes/kit/position';
import { plural } from '@tweet-pipes/kit/wording';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import { createSample, type SampleOptions } from '@tweet-pipes/producer/sample/sample';
import type { WriteSummary } from '@tweet-pipes/producer/write-error';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { SentRecord } from '../verification/stores.ts';

/** A sample that is in the stream completely. */
export interface FedSample {
  /** In the order of the sample, which is also the order of each id's records in the stream. */
  sent: SentRecord[];
  summary: WriteSummary;
}

/**
 * Feeds a sample with a progress bar and notes the place of each record in the stream. Throws CliError, exit code 2,
 * unless every record is sent, because the content of the stores can be foretold for the complete sample only.
 */
export async function feedSample(
  sample: SampleOptions,
  {
    clients,
    streamName,
    terminal,
    signal,
  }: { clients: AwsClients; streamName: string; terminal: Terminal; signal: AbortSignal },
): Promise<FedSample> {
  const { records } = createSample(sample);
  const landed = new Map<(typeof records)[number], Omit<SentRecord, 'record'>>();
  const progress = new Progress(terminal, 'feeding the sample', records.length);
  let summary: WriteSummary;
  try {
    summary = await writeRecords(records, {
      client: clients.kinesis,
      streamName,
      clock: terminal.clock,
      random: terminal.random,
      signal,
      onLanded(record, { shardId, sequenceNumber, maybeTwice }) {
        landed.set(record, { position: formatPosition(shardId, sequenceNumber), maybeTwice });
        progress.update(landed.size);
      },
    });
  } finally {
    progress.stop();
  }
  const sent = records.flatMap((record) => {
    const where = landed.get(record);
    return where === undefined ? [] : [{ record, ...where }];
  });
  if (sent.length === records.length) return { sent, summary };
  const why = summary.isAborted ? 'Interrupted' : 'Some records were lost';
  throw new CliError(`${why}: ${sent.length} of ${plural(records.length, 'record')} of the sample are in the stream.`, {
    exitCode: 2,
  });
}
