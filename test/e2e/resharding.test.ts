import { ListShardsCommand, MergeShardsCommand, type Shard, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Stores } from '../../cli/verification/stores.ts';
import type { Intercept, WireRequest } from '../../local/gateway/wire.ts';
import { type App, startApp } from './app.ts';

const tweetsPerRound = 60;
const dayMs = 24 * 3_600_000;

let app: App;
/** While set, executions wait: what was put before and after a change of the shards is then read at once. */
let held: PromiseWithResolvers<void> | undefined;
/** Deliver the first half of each batch ahead of the whole, as a redelivery cut elsewhere does. */
let isHalfAhead = false;
const intercept: Intercept = async (call, forward) => {
  if (call.operation !== 'StartSyncExecution') return forward();
  await held?.promise;
  if (isHalfAhead) await forward(firstHalf(call.request));
  return forward();
};

function firstHalf(request: WireRequest): WireRequest {
  const body: { input: string } = JSON.parse(request.body.toString('utf8'));
  const batch: unknown[] = JSON.parse(body.input);
  const half = { ...body, input: JSON.stringify(batch.slice(0, Math.ceil(batch.length / 2))) };
  return { ...request, body: Buffer.from(JSON.stringify(half)) };
}

beforeAll(async () => {
  app = await startApp({ shards: 2 }, { intercept });
}, 60_000);
afterAll(async () => {
  await app?.stop();
  jest.restoreAllMocks();
});

const record = (id: string, content: object) => ({ PartitionKey: id, Data: Buffer.from(JSON.stringify(content)) });
const idsOf = (round: number) => Array.from({ length: tweetsPerRound }, (_, n) => `${round}-${n}`);
const putTweets = (round: number) =>
  app.put(
    idsOf(round).map((id) =>
      record(id, { id_str: id, entities: { hashtags: [{ text: 'all' }, { text: `r${round}` }] } }),
    ),
  );
const putNotices = (round: number) =>
  app.put(idsOf(round).map((id) => record(id, { delete: { status: { id_str: id } } })));

async function shards(): Promise<Shard[]> {
  const answer = await app.clients.kinesis.send(new ListShardsCommand({ StreamName: app.outputs.TweetStreamName }));
  return answer.Shards ?? [];
}

const start = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange?.StartingHashKey ?? 0);

async function openShards(): Promise<Shard[]> {
  const open = (await shards()).filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber === undefined);
  return open.sort((a, b) => (start(a) < start(b) ? -1 : 1));
}

const StreamName = () => app.outputs.TweetStreamName;

async function splitAll(): Promise<void> {
  for (const shard of await openShards()) {
    const middle = String((start(shard) + BigInt(shard.HashKeyRange?.EndingHashKey ?? 0)) / 2n);
    await app.clients.kinesis.send(
      new SplitShardCommand({ StreamName: StreamName(), ShardToSplit: shard.ShardId, NewStartingHashKey: middle }),
    );
  }
}

async function mergeAll(): Promise<void> {
  const open = await openShards();
  for (let index = 0; index < open.length; index += 2) {
    await app.clients.kinesis.send(
      new MergeShardsCommand({
        StreamName: StreamName(),
        ShardToMerge: open[index]?.ShardId,
        AdjacentShardToMerge: open[index + 1]?.ShardId,
      }),
    );
  }
}

const watermarks = (stores: Stores, hashtag: string) =>
  Object.keys(stores.hashtags.get(hashtag) ?? {}).filter((name) => /^s[0-9a-z]+$/.test(name));

it('counts exactly while shards are split and merged, and deletes no tweet before it came', async () => {
  const rounds = [splitAll, mergeAll, splitAll, mergeAll];
  for (const [round, reshard] of rounds.entries()) {
    // Tweets wait in the parents while their notices come into the children, which must not be read first.
    held = Promise.withResolvers<void>();
    await putTweets(round);
    await reshard();
    await putNotices(round);
    held.resolve();
    held = undefined;
  }
  await app.settled();
  const stores = await app.stores();
  const ids = rounds.flatMap((_, round) => idsOf(round)).sort();
  const counts = [...stores.hashtags].map(([hashtag, { htCount }]) => [hashtag, htCount]);
  expect(Object.fromEntries(counts)).toEqual({
    all: ids.length,
    ...Object.fromEntries(rounds.map((_, round) => [`r${round}`, tweetsPerRound])),
  });
  expect(stores.tweets.size).toBe(0);
  expect([...stores.deletions.keys()].sort()).toEqual(ids);
  expect([...stores.archive.values()].map(({ id }) => id).sort()).toEqual(ids);
  expect(stores.quarantine.size).toBe(0);
  expect((await shards()).length).toBe(14);
  expect(watermarks(stores, 'all').length).toBeGreaterThan(8);
}, 120_000);

it('forgets shards that were closed longer than the retention, and drops their watermarks', async () => {
  const realNow = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + dayMs + 60_000);
  expect((await shards()).map(({ ShardId }) => ShardId)).toEqual((await openShards()).map(({ ShardId }) => ShardId));
  const before = Number((await app.stores()).hashtags.get('all')?.htCount);

  isHalfAhead = true;
  await putTweets(9);
  await app.settled();
  const stores = await app.stores();
  expect(stores.hashtags.get('all')?.htCount).toBe(before + tweetsPerRound);
  expect(stores.quarantine.size).toBe(0);
  const listed = (await shards()).map(
    ({ ShardId = '' }) => `s${Number(ShardId.slice('shardId-'.length)).toString(36)}`,
  );
  expect(watermarks(stores, 'all').sort()).toEqual(listed.sort());
}, 60_000);
