/**
 * How fast the Kinesis writer is, beside loops that only call PutRecords, on the local endpoint. Both are bound by the engine there, so what counts is the ratio.
 *
 *     npx -c 'node bench/producer.bench.ts'        20,000 records, three rounds
 *     npx -c 'node bench/producer.bench.ts 100000'
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

import { createClients } from '../aws/clients.ts';
import { systemClock } from '../local/clock.ts';
import { systemRandom } from '../local/random.ts';
import { controlled } from '../producer/controlled.ts';
import { writeRecords } from '../producer/kinesis-writer.ts';
import type { StreamRecord } from '../producer/record.ts';
import { generateSource } from '../producer/sources/generate.ts';
import { startRuntimeProcess } from './runtime-process.ts';

const count = Number(process.argv[2] ?? 20_000);
const rounds = 3;
const perCall = 500;

const dataFolder = await mkdtemp(join(tmpdir(), 'producer-bench-'));
const runtime = await startRuntimeProcess({ dataFolder, nodeFlags: [], runtimeFlags: [] });
try {
  const { kinesis, destroy } = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  const source = generateSource();
  const records = await take(controlled(source, { clock: systemClock, limit: count }).records());
  const raw = await take(controlled(source, { clock: systemClock, limit: count, isRaw: true }).records());
  const bytes = (some: readonly StreamRecord[]) => some.reduce((sum, { data }) => sum + data.byteLength, 0);
  console.log(`${count} records; compact ${bytes(records)} bytes, raw ${bytes(raw)} bytes`);

  const ways: Record<string, (streamName: string) => Promise<unknown>> = {
    'plain loop, one call at a time': (streamName) => plainLoops(kinesis, streamName, records, 1),
    'plain loop, four calls at a time': (streamName) => plainLoops(kinesis, streamName, records, 4),
    'the writer': (streamName) =>
      writeRecords(records, { client: kinesis, streamName, clock: systemClock, random: systemRandom }),
    'the writer, with generating and compacting': (streamName) =>
      writeRecords(controlled(generateSource(), { clock: systemClock, limit: count }).records(), {
        ...{ client: kinesis, streamName, clock: systemClock, random: systemRandom },
      }),
  };
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const streamName = `bench-${round}-${best.size}-${Object.keys(ways).indexOf(name)}`;
      await kinesis.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: 4 }));
      const startMs = performance.now();
      await way(streamName);
      const perSecond = (count * 1000) / (performance.now() - startMs);
      best.set(name, Math.max(best.get(name) ?? 0, perSecond));
    }
  }
  const plain = best.get('plain loop, four calls at a time') ?? Number.NaN;
  for (const [name, perSecond] of best) {
    console.log(`${perSecond.toFixed(0).padStart(8)} records/s  ${(perSecond / plain).toFixed(2)}  ${name}`);
  }
  destroy();
} finally {
  await runtime.stop();
  await rm(dataFolder, { recursive: true, force: true });
}

/** Neither order per key nor retries: the least that anybody could do. */
async function plainLoops(client: KinesisClient, StreamName: string, records: readonly StreamRecord[], loops: number) {
  let next = 0;
  const loop = async () => {
    while (next < records.length) {
      const batch = records.slice(next, next + perCall);
      next += perCall;
      const Records = batch.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
      const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
      if (FailedRecordCount) throw new Error(`${FailedRecordCount} records failed, so the comparison is void.`);
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
}

async function take(records: AsyncIterable<StreamRecord> | Iterable<StreamRecord>): Promise<StreamRecord[]> {
  const taken: StreamRecord[] = [];
  for await (const record of records) taken.push(record);
  return taken;
}
