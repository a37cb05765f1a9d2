import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import type { LandedRecord } from '../drain.ts';
import { Measurements } from '../measurements.ts';
import { type RecordForm, tweetsForShards } from '../records.ts';
import { startStack } from '../stack.ts';
import type { BenchContext, Subject } from '../subject.ts';
import {
  type Component,
  flattenComponent,
  interpreterComponent,
  pipeComponents,
  workflowComponents,
} from './in-process.ts';
import { endpointComponents } from './over-endpoint.ts';

/**
 * How long a component warms up, and each of its samples in a round: of processor time, if all work is done here. The
 * median sample counts, as other work on the machine disturbs some.
 */
const [warmUpMs, sampleMs] = [2_000, 200];
const samples = 5;
const batchSize = 100;
const forms: readonly RecordForm[] = ['compact', 'raw'];

/** Each part of the pipeline on its own. Parts without a service run in this process. */
export const components: Subject = {
  name: 'components',
  description: 'interpreter, JSONata extraction, filter, input template, flatten Lambda, Firehose, each on its own',
  async run(context) {
    context.doing('start');
    const stack = await startStack({ dataFolder: join(context.folder, 'runtime'), nodeFlags: context.nodeFlags });
    try {
      const parts: Component[] = [interpreterComponent()];
      for (const form of forms) {
        const batch = await generatedBatch(form);
        parts.push(...workflowComponents(stack.definitionText, batch, form), ...pipeComponents(batch, form));
      }
      const assemblyFolder = join(context.folder, 'assembly');
      await synthesize({ appFolder: PROJECT_FOLDER, outputFolder: assemblyFolder });
      parts.push(await flattenComponent(assemblyFolder, batchSize), ...(await endpointComponents(stack)));
      return await timeAll(parts, context);
    } finally {
      await stack.stop();
    }
  },
};

async function generatedBatch(form: RecordForm): Promise<LandedRecord[]> {
  const records = await tweetsForShards({ form, seed: 1, shards: 1, perShard: batchSize });
  return records.map((record, index) => ({
    record,
    shardId: 'shardId-000000000000',
    sequenceNumber: String(49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n + BigInt(index)),
  }));
}

async function timeAll(parts: readonly Component[], { rounds, signal, doing }: BenchContext) {
  const results = new Measurements();
  for (const part of parts) {
    doing(`warm up ${part.name}`);
    await workFor(part, warmUpMs, signal);
  }
  for (let round = 1; round <= rounds; round += 1) {
    doing(`round ${round} of ${rounds}`);
    for (const part of parts) {
      const { milliseconds, eachMs, things } = await medianSample(part, signal);
      results.add(part.name, `${part.thing}s/s`, (things * 1000) / milliseconds);
      results.add(`${part.name}, each`, `µs/${part.thing}`, eachMs * 1000);
    }
  }
  results.goal('JSONata extraction, compact, each', { atMost: 60 });
  results.goal('whole workflow without services, compact, each', { atMost: 150 });
  const notes = ['µs: processor time for what runs in this process, wall-clock time for what is called over HTTP.'];
  return { figures: results.figures, ratios: results.ratios, notes };
}

/** The sample whose work took the median time. */
async function medianSample(part: Component, signal: AbortSignal): Promise<Sample> {
  const taken: Sample[] = [];
  for (let count = 0; count < samples; count += 1) {
    collectYoungGarbage();
    taken.push(await workFor(part, sampleMs, signal));
  }
  const [median] = taken.sort((a, b) => a.eachMs - b.eachMs).slice(samples >> 1);
  if (median === undefined) throw new Error('A round has no samples.');
  return median;
}

interface Sample {
  things: number;
  milliseconds: number;
  /** For each thing: of processor time, if all work is done here. */
  eachMs: number;
}

/** Repeats the work for at least `leastMs`. */
async function workFor({ things, work, isHere }: Component, leastMs: number, signal: AbortSignal): Promise<Sample> {
  const startMs = performance.now();
  const before = process.cpuUsage();
  for (let times = 1; ; times += 1) {
    await work();
    signal.throwIfAborted();
    const { user, system } = process.cpuUsage(before);
    const milliseconds = performance.now() - startMs;
    const takenMs = isHere ? (user + system) / 1000 : milliseconds;
    if (takenMs >= leastMs) return { milliseconds, eachMs: takenMs / (times * things), things: times * things };
  }
}

/**
 * So that a sample does not pay for what came before it. A full collection would also remove the hidden classes of
 * objects that are made again, and code that was compiled for them: JSONata then takes twice the time.
 */
function collectYoungGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ type: 'minor' });
}
