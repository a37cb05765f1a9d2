import { setTimeout as sleep } from 'node:timers/promises';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import { type RuntimeProcess, startRuntimeProcess } from '../runtime-process.ts';
import { Backlog } from './backlog.ts';
import { diskMegabytes, measureProcesses } from './footprint.ts';
import { readTally } from './read-tally.ts';
import type { Sample } from './sample.ts';
import { addTo, differences, emptyTally, type Tally } from './tally.ts';

const lookMs = 1_000;
/** Time without progress, while records wait, after which the run is stuck. */
const stuckMs = 120_000;

/** How much to feed, and to which runtime. */
export interface LongRunOptions {
  records: number;
  seed: number;
  dataFolder: string;
  /** Maximum lag of the ingest pipe; records. */
  ahead: number;
  /** For Node, before the script: `--cpu-prof`. */
  nodeFlags: readonly string[];
  /** For `tweet-pipes local`: `--stream-megabytes=64`. */
  runtimeFlags: readonly string[];
  onSample(sample: Sample): void;
}

/** The result of a long run. */
export interface LongRun {
  readySeconds: number;
  /** From the first record until nothing was pending. */
  seconds: number;
  samples: Sample[];
  /** Differences between tables and bucket and what the records must leave there. */
  differences: string[];
}

/**
 * Feeds the sample to its own runtime and measures it from outside meanwhile. Rejects if the runtime exits by itself or
 * is stuck.
 */
export async function longRun(options: LongRunOptions): Promise<LongRun> {
  const runtimeFlags = ['--fresh', '--stacks', 'TweetPipes', ...options.runtimeFlags];
  const runtime = await startRuntimeProcess({ ...options, runtimeFlags });
  const clients = createClients({ endpoint: runtime.endpoint });
  try {
    const outputs = await readStackOutputs(clients, 'TweetPipes');
    const backlog = new Backlog(options.dataFolder, outputs.IngestPipeName);
    const tally = emptyTally();
    const startMs = performance.now();
    const [samples] = await Promise.all([
      watch(runtime, backlog, options),
      feed(clients, outputs.TweetStreamName, backlog, tally, options),
    ]);
    while ((await fetch(`${runtime.endpoint}/_idle`)).status !== 200) await sleep(lookMs);
    const seconds = (performance.now() - startMs) / 1000;
    const found = await readTally(clients, outputs);
    return { readySeconds: runtime.readySeconds, seconds, samples, differences: differences(tally, found) };
  } finally {
    clients.destroy();
    await runtime.stop();
  }
}

/** Samples from before the first record until all are done. */
async function watch(runtime: RuntimeProcess, backlog: Backlog, options: LongRunOptions): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startMs = performance.now();
  let movedMs = startMs;
  let done = 0;
  const look = async () => {
    const sample: Sample = {
      seconds: (performance.now() - startMs) / 1000,
      done,
      ...(await measureProcesses(runtime.pid)),
      disk: await diskMegabytes(options.dataFolder),
    };
    samples.push(sample);
    options.onSample(sample);
  };
  await look();
  while (done < options.records) {
    await sleep(lookMs);
    const before = done;
    done = await backlog.look();
    if (done > before) movedMs = performance.now();
    const failure = runtime.failure();
    if (failure !== undefined) throw new Error(`The runtime exited by itself: ${failure}`);
    if (performance.now() - movedMs > stuckMs) {
      throw new Error(`No progress for ${stuckMs / 1000} s, after ${done} records.`);
    }
    await look();
  }
  return samples;
}

async function feed(
  clients: AwsClients,
  streamName: string,
  backlog: Backlog,
  tally: Tally,
  { records, seed, ahead }: LongRunOptions,
): Promise<void> {
  async function* paced(): AsyncGenerator<SampleRecord> {
    for (const record of sampleRecords({ records, seed })) {
      while (backlog.size >= ahead) await sleep(lookMs / 4);
      addTo(tally, record.meaning);
      yield record;
    }
  }
  const { sent } = await writeRecords(paced(), {
    client: clients.kinesis,
    streamName,
    clock: systemClock,
    random: systemRandom,
    onLanded: (_record, { shardId, sequenceNumber }) => backlog.landed(shardId, sequenceNumber),
  });
  if (sent !== records) throw new Error(`Only ${sent} of ${records} records are in the stream.`);
}
