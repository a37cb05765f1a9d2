import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type LakeOutputs, readLakeOutputs } from '@tweet-pipes/cli/stack/lake-outputs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { seededRandom } from '@tweet-pipes/kit/random';
import { Measurements } from './measurements.ts';
import { startRuntimeProcess } from './runtime-process.ts';
import type { BenchContext, Subject } from './subject.ts';

const [objectCount, rowCount, hashtagCount] = [300, 100_000, 500];
/** Objects and requests under way at a time, as the local Athena has. */
const parallel = 8;
/** Seconds that a query may take: one that comes later, and the first of a runtime. */
const [queryLimit, firstLimit] = [1, 3];
const sql = `SELECT hashtag, count(*) AS tweets
FROM tweets CROSS JOIN UNNEST(hashtags) AS t (hashtag)
GROUP BY hashtag
ORDER BY tweets DESC, hashtag`;

/** How fast the local Athena answers a query of the lake, beside a script that reads the same objects. */
export const lake: Subject = {
  name: 'lake',
  description: 'a group-by over UNNEST of 100,000 rows in 300 objects: the first query, later ones, a script beside',
  async run(context) {
    const results = new Measurements();
    const dataFolder = join(context.folder, 'data');
    const names = { first: 'first query', later: 'later query', script: 'a script that reads the objects' };
    for (let round = 1; round <= context.rounds; round += 1) {
      context.signal.throwIfAborted();
      context.doing(`round ${round} of ${context.rounds}`);
      await onRuntime(context, dataFolder, async (clients, outputs) => {
        if (round === 1) await putObjects(clients, outputs.LakeBucketName);
        const first = await timed(() => query(clients, outputs));
        const later = await timed(() => query(clients, outputs));
        const script = await timed(() => countByScript(clients, outputs.LakeBucketName));
        for (const { counts } of [first, later]) {
          if (JSON.stringify(counts) !== JSON.stringify(script.counts)) throw new Error('The query counts otherwise.');
        }
        results.add(names.first, 's', first.seconds);
        results.add(names.later, 's', later.seconds);
        results.add(names.script, 's', script.seconds);
        results.add('limit of the first query', 's', firstLimit);
        results.add('limit of a later query', 's', queryLimit);
      });
    }
    results.ratio('first query, against its limit', 'limit of the first query', names.first, 1);
    results.ratio('later query, against its limit', 'limit of a later query', names.later, 1);
    results.ratio('a script, against the first query', names.script, names.first);
    results.ratio('a script, against a later query', names.script, names.later);
    const notes = ['Each round has a runtime of its own, so its first query starts DuckDB and copies the objects.'];
    return { figures: results.figures, ratios: results.ratios, notes };
  },
};

async function onRuntime(
  { nodeFlags }: BenchContext,
  dataFolder: string,
  work: (clients: AwsClients, outputs: LakeOutputs) => Promise<void>,
): Promise<void> {
  const runtime = await startRuntimeProcess({
    dataFolder,
    nodeFlags,
    runtimeFlags: ['--stacks', 'TweetPipes,TweetLake'],
  });
  const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  try {
    await work(clients, await readLakeOutputs(clients, 'TweetLake'));
  } finally {
    clients.destroy();
    await runtime.stop();
  }
}

/** Rows as the lake has them, in the hours of a day that is over. */
async function putObjects({ s3 }: AwsClients, Bucket: string): Promise<void> {
  const random = seededRandom(1);
  const dayMs = 86_400_000;
  const startMs = Math.floor(Date.now() / dayMs - 1) * dayMs;
  const hashtag = () => `hashtag${Math.floor(random.next() ** 2 * hashtagCount)}`;
  await inParallel(
    Array.from({ length: objectCount }, (_, index) => index),
    async (index) => {
      const arrived = new Date(startMs + (index / objectCount) * dayMs).toISOString();
      const datehour = arrived.slice(0, 13).replaceAll(/[-T]/g, '/');
      const first = Math.round((index / objectCount) * rowCount);
      const last = Math.round(((index + 1) / objectCount) * rowCount);
      const lines = Array.from({ length: last - first }, (_, row) => {
        const id = String(first + row);
        return `${JSON.stringify({
          id,
          text: `A made-up tweet of the bench, number ${id}`,
          lang: 'en',
          user_id: String(Math.floor(random.next() * 1000)),
          user_name: 'someone',
          hashtags: Array.from({ length: Math.floor(random.next() * 4) }, hashtag),
          kind: 'tweet',
          position: `shardId-000000000000:${String(id.length).padStart(3, '0')}${id}`,
          arrived_at: arrived.slice(0, -1).replace('T', ' '),
        })}\n`;
      });
      const Key = `tweets/${datehour}/rows-${index}.jsonl.gz`;
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: gzipSync(lines.join('')) }));
    },
  );
}

/** Counts by hashtag, the largest first. */
type Counts = [string, number][];

async function timed(work: () => Promise<Counts>): Promise<{ seconds: number; counts: Counts }> {
  const startMs = performance.now();
  const counts = await work();
  return { seconds: (performance.now() - startMs) / 1000, counts };
}

async function query(clients: AwsClients, outputs: LakeOutputs): Promise<Counts> {
  const { athena } = await clients.lake();
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: outputs.WorkGroupName,
      QueryExecutionContext: { Database: outputs.LakeDatabaseName },
    }),
  );
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') break;
    if (State !== 'QUEUED' && State !== 'RUNNING') throw new Error(`The query failed: ${StateChangeReason}`);
    await sleep(10);
  }
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? [])
    .slice(1)
    .map(({ Data = [] }) => [Data[0]?.VarCharValue ?? '', Number(Data[1]?.VarCharValue)]);
}

async function countByScript({ s3 }: AwsClients, Bucket: string): Promise<Counts> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'tweets/' })) {
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
  }
  const counts = new Map<string, number>();
  await inParallel(keys, async (Key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString('utf8');
    for (const line of text.trimEnd().split('\n')) {
      const { hashtags }: { hashtags: string[] } = JSON.parse(line);
      for (const hashtag of hashtags) counts.set(hashtag, (counts.get(hashtag) ?? 0) + 1);
    }
  });
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
