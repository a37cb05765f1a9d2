import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartPipeCommand } from '@aws-sdk/client-pipes';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { type Call, type Runtime, startRuntime } from '@tweet-pipes/local-aws';
import { readAssembly } from '@tweet-pipes/local-aws/assembly/read-assembly';
import { unitsSince } from '@tweet-pipes/local-aws/meter/metered';
import { paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { untilIdle } from '../runtime/until-idle.ts';
import { readStackOutputs } from '../stack/outputs.ts';
import { storedBytes } from '../tables/stored-bytes.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { fullBatches } from './full-batches.ts';
import { type MeasuringSetup, measuringTemplate } from './measuring-template.ts';
import { type Measured, mapStacks } from './usage.ts';

/** Longer than an execution, so that records which were read wait until their batch is full. */
const LONG_WINDOW_SECONDS = 60;
/** Firehose's buffer interval, which a run waits for at its end. */
const BUFFER_SECONDS = 1;

/** What to run. */
export interface Measurement {
  /** A synthesized app. The template of its core is overwritten. */
  assemblyFolder: string;
  /** Names of the stacks to run. */
  stacks: readonly string[];
  /** The one with the pipeline. */
  core: string;
  records: readonly StreamRecord[];
  batchSize: number;
}

/**
 * Runs records in full batches of one size through a runtime of its own in a temporary folder, and counts what AWS
 * would bill. The ingest pipe starts when all records are in the stream. Calls take as long as on AWS, because
 * durations are billed. Throws CliError, exit code 2, when a record was lost or nothing moves any more, and when
 * interrupted.
 */
export async function measureUsage(
  { assemblyFolder, stacks, core, records, batchSize }: Measurement,
  terminal: Terminal,
): Promise<Measured> {
  const { clock, random } = terminal;
  const signal = terminal.interruptible();
  const run = fullBatches(records, batchSize);
  const windowSeconds = run.areFull ? LONG_WINDOW_SECONDS : 0;
  await changeTemplate(assemblyFolder, core, { shards: run.shards, batchSize, windowSeconds });
  let counterUpdates = 0;
  const dataFolder = await mkdtemp(join(tmpdir(), 'tweet-pipes-cost-'));
  try {
    const runtime = await startRuntime({
      assemblyFolder,
      stacks,
      dataFolder,
      clock,
      random,
      likeAws: paceTable(),
      maxBufferIntervalSeconds: BUFFER_SECONDS,
      log: terminal.err,
      intercept(call, forward) {
        if (isCounterUpdate(call)) counterUpdates += 1;
        return forward();
      },
    });
    const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
    try {
      const outputs = await readStackOutputs(clients, core);
      const before = runtime.unitsByStack();
      const executions = () =>
        (runtime.unitsByStack()[core]?.expressRequests ?? 0) - (before[core]?.expressRequests ?? 0);
      const summary = await writeRecords(run.records, {
        client: clients.kinesis,
        streamName: outputs.TweetStreamName,
        clock,
        random,
        signal,
      });
      if (summary.lost + summary.oversized > 0) {
        throw new CliError(`${summary.lost + summary.oversized} records of the sample did not get into the stream.`, {
          exitCode: 2,
        });
      }
      await clients.pipes.send(new StartPipeCommand({ Name: outputs.IngestPipeName }));
      await settle(runtime, { batches: run.batches, executions }, terminal, signal);
      if (signal.aborted) throw new CliError('Interrupted.', { exitCode: 2 });
      const now = runtime.unitsByStack();
      const units = mapStacks(before, (ofStack, stack) => unitsSince(ofStack, now[stack] ?? ofStack));
      const tweets = await storedBytes(clients.dynamodb, outputs.TweetTableName);
      const deletions = await storedBytes(clients.dynamodb, outputs.DeletionTableName);
      return {
        usage: { units, tweetBytes: tweets.bytes, deletionBytes: deletions.bytes },
        records: summary.sent,
        executions: executions(),
        deletions: deletions.items,
        counterUpdates,
      };
    } finally {
      clients.destroy();
      await runtime.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function isCounterUpdate({ service, operation, request }: Call): boolean {
  if (service !== 'dynamodb' || operation !== 'UpdateItem') return false;
  const input: unknown = JSON.parse(request.body.toString('utf8'));
  return isJsonObject(input) && isJsonObject(input.Key) && 'hashtag' in input.Key;
}

async function changeTemplate(assemblyFolder: string, stack: string, setup: MeasuringSetup): Promise<void> {
  const { template, templateFile } = await readAssembly(assemblyFolder, { stack });
  await writeFile(templateFile, JSON.stringify(measuringTemplate(template, setup)));
}

/** Waits until nothing is pending, or the signal aborts. Throws CliError, exit code 2, when nothing moves any more. */
async function settle(
  runtime: Runtime,
  { batches, executions }: { batches: number; executions: () => number },
  terminal: Terminal,
  signal: AbortSignal,
) {
  const progress = new Progress(terminal, 'batches', batches);
  const onPending = () => progress.update(executions());
  await untilIdle(() => runtime.idle(), { clock: terminal.clock, signal, onPending }).finally(() => progress.stop());
}
