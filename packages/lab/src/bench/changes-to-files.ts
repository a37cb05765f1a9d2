import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { SalesOutputs } from '@tweet-pipes/cli/stack/sales-outputs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject } from '@tweet-pipes/kit/json';

/** Changes at a steady rate, and how long each may take until it is in a file. */
const [changesPerSecond, latestMs] = [20, 30_000];
/** Between two looks at the bucket. */
const pollMs = 20;

/**
 * Writes orders at a steady rate for some seconds and returns the milliseconds that each takes from the call that
 * writes it until a list of the bucket has the file with its row. `prefix` makes the ids of a round its own. Throws
 * when one is not there after half a minute.
 */
export async function measureFiles(
  clients: AwsClients,
  outputs: SalesOutputs,
  { prefix, seconds, signal }: { prefix: string; seconds: number; signal: AbortSignal },
): Promise<number[]> {
  const written = new Map<string, number>();
  const count = changesPerSecond * seconds;
  const looking = lookForFiles(clients, outputs, { written, count, prefix, signal });
  const startMs = performance.now();
  const writing = async () => {
    for (let index = 0; index < count; index += 1) {
      const orderid = `${prefix}-${index}`;
      written.set(orderid, performance.now());
      const Item = { orderid: { S: orderid }, product: { S: 'Rustic Granite Chair' }, price_minor: { N: '12999' } };
      await clients.dynamodb.send(new PutItemCommand({ TableName: outputs.OrderTableName, Item }));
      await sleep(Math.max(0, startMs + ((index + 1) * 1000) / changesPerSecond - performance.now()));
    }
  };
  const [latencies] = await Promise.all([looking, writing()]);
  return latencies;
}

async function lookForFiles(
  clients: AwsClients,
  { SalesBucketName: Bucket }: SalesOutputs,
  {
    written,
    count,
    prefix,
    signal,
  }: { written: Map<string, number>; count: number; prefix: string; signal: AbortSignal },
): Promise<number[]> {
  const seen = new Set<string>();
  const latencies = new Map<string, number>();
  const endMs = performance.now() + (count / changesPerSecond) * 1000 + latestMs;
  while (latencies.size < count) {
    signal.throwIfAborted();
    if (performance.now() > endMs) throw new Error(`${count - latencies.size} changes are in no file.`);
    const fresh: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket, Prefix: 'sales/' })) {
      fresh.push(...Contents.map(({ Key = '' }) => Key).filter((key) => !seen.has(key)));
    }
    const foundMs = performance.now();
    for (const key of fresh) {
      seen.add(key);
      for (const id of await idsIn(clients, Bucket, key)) {
        const writtenMs = written.get(id);
        if (id.startsWith(`${prefix}-`) && writtenMs !== undefined && !latencies.has(id)) {
          latencies.set(id, foundMs - writtenMs);
        }
      }
    }
    await sleep(pollMs);
  }
  return [...latencies.values()];
}

async function idsIn({ s3 }: AwsClients, Bucket: string, Key: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString('utf8');
  const rows: unknown[] = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return rows.map((row) => String(isJsonObject(row) ? row.orderid : ''));
}
