import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteItemCommand, CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
} from '@aws-sdk/client-kinesis';
import { CreatePipeCommand, DescribePipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { readSalesOutputs } from '@tweet-pipes/cli/stack/sales-outputs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject } from '@tweet-pipes/kit/json';
import { measureFiles } from './changes-to-files.ts';
import { Measurements, median } from './measurements.ts';
import { startRuntimeProcess } from './runtime-process.ts';
import type { Subject } from './subject.ts';

/** Changes of one measurement, of a fifth as many orders. */
const changeCount = 10_000;
const orderCount = changeCount / 5;
/** Calls of BatchWriteItem under way at a time, and items in each. */
const [writers, itemsPerCall] = [4, 25];
const shardCount = 2;
/** Changes a second, from the write to the stream. */
const goal = 1_000;
const names = { written: 'written, no pipe', landed: 'in the stream, from the first write', goal: 'goal' };
/** From the write of a change to its file in S3. */
const fileNames = { median: 'write to file, median', longest: 'write to file, longest', limit: 'limit of a file' };
const fileLimitMs = 2_000;

/**
 * How fast changes of a table come through a pipe into a Kinesis stream, beside the engine's own writes, and through
 * the whole sales lake into files.
 */
export const changes: Subject = {
  name: 'changes',
  description:
    'changes of orders from DynamoDB through a pipe into a Kinesis stream, beside the writes alone; and into files',
  async run({ folder, rounds, nodeFlags, signal, doing }) {
    const results = new Measurements();
    const runtime = await startRuntimeProcess({
      dataFolder: join(folder, 'runtime'),
      nodeFlags,
      runtimeFlags: ['--stacks', 'SalesLake'],
    });
    const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
    try {
      doing('warm up');
      await createTable(clients, 'warm-up');
      await writeChanges(clients, 'warm-up', signal);
      const sales = await readSalesOutputs(clients, 'SalesLake');
      for (let round = 1; round <= rounds; round += 1) {
        doing(`round ${round} of ${rounds}`);
        await createTable(clients, `plain-${round}`);
        results.add(names.written, 'changes/s', await rateOf(() => writeChanges(clients, `plain-${round}`, signal)));
        const table = `orders-${round}`;
        const sourceArn = await createTable(clients, table);
        const shards = await createStream(clients, table);
        await createPipe(clients, table, sourceArn);
        const landed = async () => {
          const reading = readChanges(clients, shards, signal);
          await Promise.all([writeChanges(clients, table, signal), reading]);
        };
        results.add(names.landed, 'changes/s', await rateOf(landed));
        results.add(names.goal, 'changes/s', goal);
        await clients.pipes.send(new StopPipeCommand({ Name: table }));
        const latencies = await measureFiles(clients, sales, { prefix: table, signal });
        results.add(fileNames.median, 'ms', median(latencies));
        results.add(fileNames.longest, 'ms', Math.max(...latencies));
        results.add(fileNames.limit, 'ms', fileLimitMs);
      }
    } finally {
      clients.destroy();
      await runtime.stop();
    }
    results.ratio('in the stream, against the goal', names.landed, names.goal, 1);
    results.ratio('in the stream, against the writes alone', names.landed, names.written);
    results.ratio('longest way to a file, against its limit', fileNames.limit, fileNames.longest, 1);
    const notes = ['Both tables have a stream. The changes of each order came in order, and each came.'];
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

async function rateOf(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (changeCount * 1000) / (performance.now() - startMs);
}

/** Returns the ARN of the table's stream. */
async function createTable({ dynamodb }: AwsClients, TableName: string): Promise<string> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'orderid', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'orderid', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  if (Table?.LatestStreamArn === undefined) throw new Error(`The table ${TableName} has no stream.`);
  return Table.LatestStreamArn;
}

/** Returns an iterator at the beginning of each shard. */
async function createStream({ kinesis }: AwsClients, StreamName: string): Promise<string[]> {
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shardCount }));
  for (;;) {
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
    if (StreamDescription?.StreamStatus !== 'ACTIVE') {
      await sleep(10);
      continue;
    }
    const iterators: string[] = [];
    for (const { ShardId } of StreamDescription.Shards ?? []) {
      const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
      iterators.push((await kinesis.send(start)).ShardIterator ?? '');
    }
    return iterators;
  }
}

async function createPipe({ pipes }: AwsClients, Name: string, Source: string): Promise<void> {
  await pipes.send(
    new CreatePipeCommand({
      Name,
      RoleArn: 'arn:aws:iam::000000000000:role/pipe',
      Source,
      SourceParameters: { DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON', BatchSize: 500 } },
      Target: `arn:aws:kinesis:us-east-1:000000000000:stream/${Name}`,
      TargetParameters: { KinesisStreamParameters: { PartitionKey: '$.dynamodb.Keys.orderid.S' } },
    }),
  );
  for (;;) {
    const { CurrentState, StateReason } = await pipes.send(new DescribePipeCommand({ Name }));
    if (CurrentState === 'RUNNING') return;
    if (CurrentState !== 'CREATING') throw new Error(`The pipe ${Name} is ${CurrentState}: ${StateReason}`);
    await sleep(10);
  }
}

/** Writes change after change of each order. The calls for one order are far apart. */
async function writeChanges({ dynamodb }: AwsClients, table: string, signal: AbortSignal): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < changeCount) {
      signal.throwIfAborted();
      const from = next;
      next += itemsPerCall;
      const requests = Array.from({ length: itemsPerCall }, (_, index) => ({
        PutRequest: { Item: orderItem(from + index) },
      }));
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

function orderItem(change: number) {
  return {
    orderid: { S: `order-${change % orderCount}` },
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
async function readChanges({ kinesis }: AwsClients, iterators: readonly string[], signal: AbortSignal): Promise<void> {
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
