import { join } from 'node:path';
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

/** How long a component works before it is timed, and how long each time. */
const [warmUpMs, roundMs] = [1_000, 500];
const batchSize = 100;
const forms: readonly RecordForm[] = ['compact', 'raw'];

/** Each part of the pipeline on its own. Those without a service behind them run in this process. */
export const components: Subject = {
  name: 'components',
  description: 'interpreter, JSONata extraction, filter, input template, flatten Lambda, Firehose, each on its own',
  async run(context) {
    context.doing('start');
    const stack = await startStack({ dataFolder: join(context.folder, 'runtime') });
    try {
      const parts: Component[] = [interpreterComponent()];
      for (const form of forms) {
        const batch = await madeUpBatch(form);
        parts.push(...workflowComponents(stack.definitionText, batch, form), ...pipeComponents(batch, form));
      }
      parts.push(flattenComponent(batchSize), ...(await endpointComponents(stack)));
      return await timeAll(parts, context);
    } finally {
      await stack.stop();
    }
  },
};

async function madeUpBatch(form: RecordForm): Promise<LandedRecord[]> {
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
      const microseconds = await workFor(part, roundMs, signal);
      results.add(part.name, `µs/${part.thing}`, microseconds);
      results.add(`${part.name}, rate`, `${part.thing}s/s`, 1_000_000 / microseconds);
    }
  }
  return { figures: results.figures, ratios: results.ratios, notes: [] };
}

/** Repeats the work for about so long; microseconds for each thing. */
async function workFor({ things, work }: Component, milliseconds: number, signal: AbortSignal): Promise<number> {
  const startMs = performance.now();
  for (let times = 1; ; times += 1) {
    await work();
    signal.throwIfAborted();
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs >= milliseconds) return (elapsedMs * 1000) / (times * things);
  }
}
