import { join } from 'node:path';
import { CreateStreamCommand, type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { controlled } from '@tweet-pipes/producer/controlled';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { generateSource } from '@tweet-pipes/producer/sources/generate';
import { Measurements } from './measurements.ts';
import { startStack } from './stack.ts';
import type { BenchContext, Subject } from './subject.ts';

const [count, perCall, shards] = [10_000, 500, 4];
const divisor = 'plain loop, four calls at a time';

/**
 * The speed of the Kinesis writer, compared with loops that only call PutRecords, on the local endpoint. The engine
 * limits all of them, so only the ratio is meaningful.
 */
export const producer: Subject = {
  name: 'producer',
  description: 'the Kinesis writer beside plain loops of PutRecords',
  async run(context) {
    const stack = await startStack({ dataFolder: join(context.folder, 'runtime'), nodeFlags: context.nodeFlags });
    try {
      return await compareWays(stack.clients.kinesis, context);
    } finally {
      await stack.stop();
    }
  },
};

async function compareWays(kinesis: KinesisClient, { rounds, signal, doing }: BenchContext) {
  const results = new Measurements();
  const generated = () => controlled(generateSource(), { clock: systemClock, limit: count }).records();
  const records: StreamRecord[] = [];
  for await (const record of generated()) records.push(record);
  const writer = { client: kinesis, clock: systemClock, random: systemRandom };
  const ways: Record<string, (streamName: string) => Promise<unknown>> = {
    'plain loop, one call at a time': (streamName) => plainLoops(kinesis, streamName, records, 1),
    [divisor]: (streamName) => plainLoops(kinesis, streamName, records, 4),
    'the writer': (streamName) => writeRecords(records, { ...writer, streamName }),
    'the writer, with generating and compacting tweets': (streamName) =>
      writeRecords(generated(), { ...writer, streamName }),
  };
  for (let round = 1; round <= rounds; round += 1) {
    doing(`round ${round} of ${rounds}`);
    for (const [index, [name, way]] of Object.entries(ways).entries()) {
      signal.throwIfAborted();
      const streamName = `bench-${round}-${index}`;
      await kinesis.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shards }));
      const startMs = performance.now();
      await way(streamName);
      results.add(name, 'records/s', (count * 1000) / (performance.now() - startMs));
    }
  }
  for (const name of Object.keys(ways)) {
    if (name !== divisor) results.ratio(`${name}, against four plain calls`, name, divisor);
  }
  return { figures: results.figures, ratios: results.ratios, notes: [] };
}

/** A minimal producer, without order per key and retries. */
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
