import { join } from 'node:path';
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

/** Duration of the warm-up of a component, and of each measurement. */
const [warmUpMs, roundMs] = [1_000, 500];
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
      const { milliseconds, processorMs, things } = await workFor(part, roundMs, signal);
      results.add(part.name, `${part.thing}s/s`, (things * 1000) / milliseconds);
      const each = part.isHere ? processorMs : milliseconds;
      results.add(`${part.name}, each`, `µs/${part.thing}`, (each * 1000) / things);
    }
  }
  results.goal('JSONata extraction, compact, each', { atMost: 60 });
  results.goal('whole workflow without services, compact, each', { atMost: 150 });
  const notes = ['µs: processor time for what runs in this process, wall-clock time for what is called over HTTP.'];
  return { figures: results.figures, ratios: results.ratios, notes };
}

/** Repeats the work for at least `leastMs`. */
async function workFor({ things, work }: Component, leastMs: number, signal: AbortSignal) {
  const startMs = performance.now();
  const before = process.cpuUsage();
  for (let times = 1; ; times += 1) {
    await work();
    signal.throwIfAborted();
    const milliseconds = performance.now() - startMs;
    if (milliseconds < leastMs) continue;
    const { user, system } = process.cpuUsage(before);
    return { milliseconds, processorMs: (user + system) / 1000, things: times * things };
  }
}
