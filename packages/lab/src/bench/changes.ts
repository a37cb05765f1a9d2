import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { readSalesOutputs } from '@tweet-pipes/cli/stack/sales-outputs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { measureFiles } from './changes-to-files.ts';
import { measureProcesses, sumOverProcesses } from './long-run/footprint.ts';
import { Measurements, median } from './measurements.ts';
import { startRuntimeProcess } from './runtime-process.ts';
import type { Subject } from './subject.ts';

/** How much is measured. */
export interface ChangesSize {
  /** Changes of one measurement, of a fifth as many orders: a multiple of 125. */
  changeCount: number;
  /** How long changes go into files. */
  fileSeconds: number;
}

/** Calls of BatchWriteItem under way at a time, and items in each. */
const [writers, itemsPerCall] = [4, 25];
const changesPerOrder = 5;
const shardCount = 2;
/** Changes a second, from the write to the stream. */
const goal = 1_000;
const names = { written: 'written, no pipe', landed: 'in the stream, from the first write', goal: 'goal' };
/** Milliseconds of processor time for a change, of all processes: it depends little on other load of the machine. */
const timeNames = { landed: 'processor time of a change', limit: 'limit of two cores for the goal' };
const timeLimitMs = (2 * 1000) / goal;
/** From the write of a change to its file in S3. */
const fileNames = { median: 'write to file, median', longest: 'write to file, longest', limit: 'limit of a file' };
const fileLimitMs = 2_000;

/**
 * How fast changes of a table come through a pipe into a Kinesis stream, beside the engine's own writes, and through
 * the whole sales lake into files.
 */
export const changesSubject = ({ changeCount, fileSeconds }: ChangesSize): Subject => ({
  name: 'changes',
  description:
    'changes of orders from DynamoDB through a pipe into a Kinesis stream, beside the writes alone; and into files',
  async run({ folder, rounds, nodeFlags, signal, doing }) {
    const results = new Measurements();
    const runtime = await startRuntimeProcess({
      dataFolder: join(folder, 'runtime'),
      nodeFlags,
      runtimeFlags: ['--stacks', 'SalesLake', '-c', `tweetPipes:salesShards=${shardCount}`],
    });
    const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
    try {
      const sales = await readSalesOutputs(clients, 'SalesLake');
      for (let round = 1; round <= rounds; round += 1) {
        doing(`files, round ${round} of ${rounds}`);
        const latencies = await measureFiles(clients, sales, {
          prefix: `files-${round}`,
          seconds: fileSeconds,
          signal,
        });
        results.add(fileNames.median, 'ms', median(latencies));
        results.add(fileNames.longest, 'ms', Math.max(...latencies));
        results.add(fileNames.limit, 'ms', fileLimitMs);
      }
      for (let round = 0; round <= rounds; round += 1) {
        const isWarmUp = round === 0;
        doing(isWarmUp ? 'warm up' : `stream, round ${round} of ${rounds}`);
        const plain = `plain-${round}`;
        await createTable(clients, plain);
        const writing = { changeCount, round, signal };
        const written = await spent(runtime.pid, () => writeChanges(clients, plain, writing));
        const iterators = await newestOf(clients, sales.SalesStreamName);
        const landed = await spent(runtime.pid, async () => {
          const reading = readChanges(clients, iterators, writing);
          await Promise.all([writeChanges(clients, sales.OrderTableName, writing), reading]);
        });
        if (isWarmUp) continue;
        results.add(names.written, 'changes/s', changeCount / written.seconds);
        results.add(names.landed, 'changes/s', changeCount / landed.seconds);
        results.add(names.goal, 'changes/s', goal);
        results.add(timeNames.landed, 'ms', (landed.processorSeconds * 1000) / changeCount);
        results.add(timeNames.limit, 'ms', timeLimitMs);
      }
    } finally {
      clients.destroy();
      await runtime.stop();
    }
    results.ratio('in the stream, against the goal', names.landed, names.goal, 1);
    results.ratio('in the stream, against the writes alone', names.landed, names.written);
    results.ratio('processor time of a change, against its limit', timeNames.limit, timeNames.landed, 1);
    results.ratio('longest way to a file, against its limit', fileNames.limit, fileNames.longest, 1);
    const notes = ['Both tables have a stream. The changes of each order came in order, and each came.'];
    return { figures: results.figures, ratios: results.ratios, notes };
  },
});

/** Seconds that pass, and seconds of processor time of this process and of the runtime's. */
async function spent(
  runtimePid: number,
  work: () => Promise<void>,
): Promise<{ seconds: number; processorSeconds: number }> {
  const processorSeconds = async () => {
    const { user, system } = process.cpuUsage();
    return sumOverProcesses((await measureProcesses(runtimePid)).cpuSeconds) + (user + system) / 1e6;
  };
  const before = await processorSeconds();
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1000;
  return { seconds, processorSeconds: (await processorSeconds()) - before };
}

/** As the table of the sales lake, without a pipe. */
async function createTable({ dynamodb }: AwsClients, TableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'orderid', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'orderid', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
}

/** Returns an iterator at the end of each shard. */
async function newestOf({ kinesis }: AwsClients, StreamName: string): Promise<string[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const answers = Shards.map(({ ShardId }) =>
    kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'LATEST' })),
  );
  return (await Promise.all(answers)).map(({ ShardIterator = '' }) => ShardIterator);
}

interface Writing {
  changeCount: number;
  /** It is in the ids of the orders. */
  round: number;
  signal: AbortSignal;
}

/** Writes change after change of each order: a change of every order, and only then the next one of any. */
async function writeChanges(
  { dynamodb }: AwsClients,
  table: string,
  { changeCount, round, signal }: Writing,
): Promise<void> {
  const orderCount = changeCount / changesPerOrder;
  let next = 0;
  for (let end = orderCount; end <= changeCount; end += orderCount) {
    const write = async (): Promise<void> => {
      while (next < end) {
        signal.throwIfAborted();
        const from = next;
        next += itemsPerCall;
        const requests = Array.from({ length: itemsPerCall }, (_, index) => ({
          PutRequest: { Item: orderItem(from + index, { orderCount, round }) },
        }));
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
  }
}

function orderItem(change: number, { orderCount, round }: { orderCount: number; round: number }) {
  return {
    orderid: { S: `order-${round}-${change % orderCount}` },
    change: { N: String(change) },
    product: { S: 'Rustic Granite Chair' },
    category: { S: 'Home' },
    price_minor: { N: '12999' },
    currency: { S: 'EUR' },
    quantity: { N: '3' },
    customer: { S: `customer-${change % 500}` },
    country: { S: 'AT' },
    status: { S: 'placed' },
    changed_at: { S: '2026-11-29T08:00:00.000Z' },
  };
}

/** Reads the shards until every change has come. Throws when those of an order come out of order. */
async function readChanges(
  { kinesis }: AwsClients,
  iterators: readonly string[],
  { changeCount, signal }: Writing,
): Promise<void> {
  const latest = new Map<string, number>();
  let read = 0;
  const readShard = async (first: string): Promise<void> => {
    let ShardIterator: string | undefined = first;
    while (read < changeCount) {
      signal.throwIfAborted();
      const answer: GetRecordsCommandOutput = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      const { Records = [] } = answer;
      ShardIterator = answer.NextShardIterator;
      for (const { Data = new Uint8Array(), PartitionKey = '' } of Records) {
        const change = changeOf(Buffer.from(Data).toString());
        const before = latest.get(PartitionKey) ?? -1;
        if (change <= before) throw new Error(`Change ${change} of ${PartitionKey} came after ${before}.`);
        latest.set(PartitionKey, change);
        read += 1;
      }
      // As often as AWS allows for a shard.
      if (Records.length === 0) await sleep(200);
    }
  };
  await Promise.all(iterators.map(readShard));
}

function changeOf(text: string): number {
  const event: unknown = JSON.parse(text);
  const image = isJsonObject(event) && isJsonObject(event.dynamodb) ? event.dynamodb.NewImage : undefined;
  const number = isJsonObject(image) && isJsonObject(image.change) ? image.change.N : undefined;
  if (typeof number !== 'string') throw new Error('A record of the stream is no change of an order.');
  return Number(number);
}
