import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { readWholeTable } from '@tweet-pipes/cli/verification/read-tables';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import { z } from 'zod';
import { fakeTerminal } from '../../packages/cli/test/fake-terminal.ts';
import type { ChildOptions } from '../../packages/local-aws/test/runtime-child.ts';
import { RuntimeProcess } from '../../packages/local-aws/test/runtime-process.ts';
import { synthesizeApp } from './synthesize-app.ts';

const sample = [...sampleRecords({ records: 400, seed: 12 })];
const tweets = sample.filter(({ meaning }) => meaning.kind === 'tweet');
const notice = (id: string): StreamRecord => ({
  partitionKey: id,
  data: Buffer.from(JSON.stringify({ delete: { status: { id_str: id } } })),
});
const deletions = sample
  .flatMap(({ meaning }) => (meaning.kind === 'tweet' ? [meaning.id] : []))
  .filter((_, index) => index % 3 === 0)
  .map(notice);

/** What is fed, and at which calls the runtime is killed then: each of them begins with what the last one left. */
const phases: { feed: readonly StreamRecord[]; kills: NonNullable<ChildOptions['killAt']>[] }[] = [
  {
    feed: sample,
    kills: [
      { operation: 'Invoke', when: 'before', nth: 1 },
      { operation: 'Invoke', when: 'after', nth: 1 },
      { operation: 'UpdateItem', when: 'after', nth: 2 },
      { operation: 'PutObject', when: 'after', nth: 1 },
    ],
  },
  {
    feed: tweets,
    kills: [
      { operation: 'BatchExecuteStatement', when: 'after', nth: 1 },
      { operation: 'Invoke', when: 'after', nth: 1 },
      { operation: 'PutObject', when: 'before', nth: 1 },
    ],
  },
  {
    feed: deletions,
    kills: [
      { operation: 'TransactWriteItems', when: 'after', nth: 2 },
      { operation: 'Invoke', when: 'after', nth: 1 },
      { operation: 'PutObject', when: 'after', nth: 1 },
    ],
  },
];

let folder: string;
let running: RuntimeProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
  // Eleven starts load the same modules.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
});
afterAll(async () => {
  await running?.kill();
  await rm(folder, { recursive: true });
});

it('keeps a lake that equals the table and the counters, however often it is killed', async () => {
  const assemblyFolder = join(folder, 'assembly');
  await synthesizeApp({ shards: 1, archiveBatchWindowSeconds: 0 }, assemblyFolder);
  const start = (killAt?: ChildOptions['killAt'], block: string[] = []) =>
    new RuntimeProcess({
      dataFolder: join(folder, 'data'),
      assemblyFolder,
      stacks: ['TweetPipes', 'TweetLake'],
      ...(killAt && { killAt, hold: [killAt.operation], block }),
    });

  for (const { feed, kills } of phases) {
    for (const [index, killAt] of kills.entries()) {
      // The counters are left to the start that is killed at them. A quick workflow would write them before.
      const isEarly = kills.slice(index + 1).some(({ operation }) => operation === 'UpdateItem');
      running = start(killAt, isEarly ? ['UpdateItem'] : []);
      const { endpoint } = await running.ready();
      if (index === 0) await put(endpoint, feed);
      running.go();
      expect({ killAt, idle: await running.idle() }).toEqual({ killAt, idle: undefined });
      expect(await running.ended).toBe('SIGKILL');
    }
  }

  running = start();
  const { endpoint } = await running.ready();
  await running.idle();
  const sql =
    "SELECT id, position, text, lang, user_name, array_join(hashtags, ' ') AS hashtags FROM tweets_live ORDER BY id";
  const live = await query(endpoint, '--sql', sql);
  const stored = await storedTweets(endpoint);
  expect(stored.length).toBeGreaterThan(100);
  expect(live).toEqual({ exitCode: 0, rows: stored });
  expect(await query(endpoint, 'audit')).toEqual({ exitCode: 0, rows: [] });
  expect(await running.stop()).toBe(0);
  running = undefined;
});

async function put(endpoint: string, records: readonly StreamRecord[]): Promise<void> {
  const clients = createClients({ endpoint });
  const { TweetStreamName: StreamName } = await readStackOutputs(clients, 'TweetPipes');
  const Records = records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
  const { FailedRecordCount } = await clients.kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  clients.destroy();
  expect(FailedRecordCount).toBe(0);
}

async function query(endpoint: string, ...args: string[]) {
  const terminal = fakeTerminal({ AWS_ENDPOINT_URL: endpoint });
  const exitCode = await run(['query', ...args, '--json'], terminal);
  return { exitCode, rows: JSON.parse(terminal.printed() || JSON.stringify(terminal.complaints())) };
}

/** The table of tweets as rows of the lake. */
async function storedTweets(endpoint: string) {
  const clients = createClients({ endpoint });
  const { TweetTableName } = await readStackOutputs(clients, 'TweetPipes');
  const items = await readWholeTable(clients, TweetTableName, 'id');
  clients.destroy();
  const item = z.object({
    id: z.string(),
    record: z.string(),
    text: z.string().default(''),
    lang: z.string().nullable().default(null),
    userName: z.string().nullable().default(null),
    hashtags: z.array(z.string()),
  });
  return [...items.values()]
    .map((value) => item.parse(value))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, record, text, lang, userName, hashtags }) => ({
      ...{ id, position: record, text, lang, user_name: userName, hashtags: hashtags.join(' ') },
    }));
}
