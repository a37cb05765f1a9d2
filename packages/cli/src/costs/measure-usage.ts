import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import type { Template } from '@tweet-pipes/local-aws/assembly/template';
import { unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import { paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { Source } from '@tweet-pipes/producer/record';
import { CliError } from '../cli-error.ts';
import { PROJECT_FOLDER } from '../project-folder.ts';
import { startPipe, stopPipe } from '../recovery/pause-pipe.ts';
import { readStackOutputs } from '../stack/outputs.ts';
import { storedBytes } from '../tables/stored-bytes.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Measured } from './month.ts';

/** Between two looks whether everything is at rest. */
const lookMs = 200;

/** What a run of some records showed. */
export interface MeasuredRun extends Measured {
  template: Template;
  /** Bytes of data, without keys. */
  recordBytes: number;
}

/**
 * Runs the records through a runtime of its own on a temporary folder and counts what AWS would bill. The ingest pipe
 * starts when all records are in the stream, so that its batches are as full as the options allow; calls take as long
 * as on AWS, which decides durations. Throws CliError when the source is empty or broke off, or a record was lost, and
 * when interrupted.
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
      // Durations are billed, and this machine's are not AWS's.
      likeAws: paceTable(),
      log: terminal.err,
    });
    const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
    try {
      const outputs = await readStackOutputs(clients, runtime.stackName);
      const surroundings = { clients, clock, note: () => {} };
      await stopPipe(surroundings, outputs.IngestPipeName);
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
      await startPipe(surroundings, outputs.IngestPipeName);
      await settle(runtime, before.executions, terminal, signal);
      if (signal.aborted) throw new CliError('Interrupted.', { exitCode: 2 });
      const units = unitsSince(before.units, runtime.units());
      const { template } = await readAssembly(join(dataFolder, 'assembly'), { stack: runtime.stackName });
      const tweets = await storedBytes(clients.dynamodb, outputs.TweetTableName);
      const deletions = await storedBytes(clients.dynamodb, outputs.DeletionTableName);
      return {
        usage: { units, tweetBytes: tweets.bytes, deletionBytes: deletions.bytes },
        records: summary.sent,
        executions: runtime.executions() - before.executions,
        recordBytes: summary.bytes,
        template,
      };
    } finally {
      clients.destroy();
      await runtime.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

async function settle(runtime: Runtime, executionsBefore: number, terminal: Terminal, signal: AbortSignal) {
  const progress = new Progress(terminal, 'executions');
  try {
    while (!signal.aborted && (await runtime.idle()).length > 0) {
      progress.update(runtime.executions() - executionsBefore);
      await terminal.clock.sleep(lookMs, signal);
    }
  } finally {
    progress.stop();
  }
}
