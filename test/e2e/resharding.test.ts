import { join } from 'node:path';
import { ListShardsCommand, MergeShardsCommand, type Shard, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stores } from '@tweet-pipes/cli/verification/stores';
import type { Intercept, WireRequest } from '@tweet-pipes/local-aws';
import { closeShardsEarlier } from '../../packages/local-aws/test/engines/close-shards-earlier.ts';
import { type App, startApp } from './app.ts';

const tweetsPerRound = 60;
const dayMs = 24 * 3_600_000;

const context = { shards: 2, ingestBatchWindowSeconds: 0 };
let app: App;
const started: App[] = [];
/** Executions for records of this shard wait: what is in it is read, and not yet delivered. */
let held: { shardId: string; released: PromiseWithResolvers<void> } | undefined;
/** Deliver the first half of each batch ahead of the whole, as a redelivery cut elsewhere does. */
let isHalfAhead = false;
const intercept: Intercept = async (call, forward) => {
  if (call.operation !== 'StartSyncExecution') return forward();
  const { body, batch } = executionOf(call.request);
  if (held !== undefined && batch[0]?.eventID.startsWith(held.shardId)) await held.released.promise;
  if (isHalfAhead) {
    const half = { ...body, input: JSON.stringify(batch.slice(0, Math.ceil(batch.length / 2))) };
    await forward({ ...call.request, body: Buffer.from(JSON.stringify(half)) });
  }
  return forward();
};

function executionOf(request: WireRequest): { body: { input: string }; batch: { eventID: string }[] } {
  const body: { input: string } = JSON.parse(request.body.toString('utf8'));
  return { body, batch: JSON.parse(body.input) };
}

beforeAll(async () => {
  app = await startApp(context, { intercept });
  started.push(app);
});
afterAll(async () => {
  for (const each of started.reverse()) await each.stop();
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

const parentsOf = ({ ParentShardId, AdjacentParentShardId }: Shard) => [ParentShardId, AdjacentParentShardId];

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
  const markers: string[] = [];
  for (const [round, reshard] of rounds.entries()) {
    const [first] = await openShards();
    held = { shardId: first?.ShardId ?? '', released: Promise.withResolvers() };
    await putTweets(round);
    await reshard();
    const notices = await putNotices(round);
    // The other shards' children are read to their end and beyond; those of the shard that is held must wait for it.
    const waiting = (await shards()).filter((shard) => parentsOf(shard).includes(first?.ShardId));
    const free = idsOf(round).filter((_, n) => !waiting.some(({ ShardId = '' }) => notices[n]?.startsWith(ShardId)));
    expect(free.length).toBeGreaterThan(0);
    expect(free.length).toBeLessThan(tweetsPerRound);
    await app.until(async () => {
      const { deletions } = await app.stores();
      return free.every((id) => deletions.has(id));
    });
    const marker = `marker ${round}`;
    markers.push(marker);
    await app.put([{ ...record(marker, { id_str: marker }), PartitionKey: free[0] }]);
    await app.until(async () => (await app.stores()).tweets.has(marker));
    held.released.resolve();
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
  expect([...stores.tweets.keys()].sort()).toEqual(markers);
  expect([...stores.deletions.keys()].sort()).toEqual(ids);
  expect([...stores.archive.values()].map(({ id }) => id).sort()).toEqual(ids);
  expect(stores.quarantine.size).toBe(0);
  expect((await shards()).length).toBe(14);
  expect(watermarks(stores, 'all').length).toBeGreaterThan(8);
}, 240_000);

it('forgets shards that were closed longer than the retention, and drops their watermarks', async () => {
  const { dataFolder } = app.runtime;
  await app.runtime.stop();
  await closeShardsEarlier(dataFolder, dayMs + 60_000);
  app = await startApp(context, { intercept, dataFolder, assemblyFolder: join(dataFolder, 'assembly') });
  started.push(app);
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
});
