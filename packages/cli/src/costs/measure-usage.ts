import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import { paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { Source } from '@tweet-pipes/producer/record';
import { CliError } from '../cli-error.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { startPipe, stopPipe } from '../recovery/pause-pipe.ts';
import { untilIdle } from '../runtime/until-idle.ts';
import { readStackOutputs } from '../stack/outputs.ts';
import { storedBytes } from '../tables/stored-bytes.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Measured } from './month.ts';

/** What a run of a source showed. */
export interface MeasuredRun extends Measured {
  /** Bytes of data, without keys. */
  recordBytes: number;
}

/**
 * Runs a source through a runtime of its own on a temporary folder and counts what AWS would bill. The ingest pipe
 * starts when all records are in the stream, so that its batches are as full as the options allow. Calls take as long
 * as on AWS, because durations are billed. Throws CliError when the source is empty, when a record was lost, and when
 * interrupted; and the source's own error when reading failed.
 */
export async function measureUsage(
  source: Source,
  context: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<MeasuredRun> {
  const { clock, random } = terminal;
  const signal = terminal.interruptible();
  const dataFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-cost-'));
  try {
    const runtime = await startRuntime({
      appFolder: PROJECT_FOLDER,
      dataFolder,
      context,
      clock,
      random,
      likeAws: paceTable(),
      log: terminal.err,
    });
    const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
    try {
      const outputs = await readStackOutputs(clients, runtime.stackName);
      const recovery = { clients, clock, note: () => {} };
      await stopPipe(recovery, outputs.IngestPipeName);
      const before = { units: runtime.units(), executions: runtime.executions() };
      const summary = await writeRecords(source.records(signal), {
        client: clients.kinesis,
        streamName: outputs.TweetStreamName,
        clock,
        random,
        signal,
      });
      if (summary.sourceError !== undefined) throw summary.sourceError;
      if (!signal.aborted && summary.sent === 0) throw new CliError('The sample holds no record.');
      if (summary.lost + summary.oversized > 0) {
        throw new CliError(`${summary.lost + summary.oversized} records of the sample did not get into the stream.`, {
          exitCode: 2,
        });
      }
      await startPipe(recovery, outputs.IngestPipeName);
      await settle(runtime, before.executions, terminal, signal);
      if (signal.aborted) throw new CliError('Interrupted.', { exitCode: 2 });
      const units = unitsSince(before.units, runtime.units());
      const tweets = await storedBytes(clients.dynamodb, outputs.TweetTableName);
      const deletions = await storedBytes(clients.dynamodb, outputs.DeletionTableName);
      return {
        usage: { units, tweetBytes: tweets.bytes, deletionBytes: deletions.bytes },
        records: summary.sent,
        executions: runtime.executions() - before.executions,
        recordBytes: summary.bytes,
      };
    } finally {
      clients.destroy();
      await runtime.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** Waits until nothing is pending, or the signal aborts. Throws CliError, exit code 2, when nothing moves any more. */
async function settle(runtime: Runtime, executionsBefore: number, terminal: Terminal, signal: AbortSignal) {
  const progress = new Progress(terminal, 'executions');
  const onPending = () => progress.update(runtime.executions() - executionsBefore);
  await untilIdle(() => runtime.idle(), { clock: terminal.clock, signal, onPending }).finally(() => progress.stop());
}
