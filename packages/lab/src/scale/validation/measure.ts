import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shardOfKey } from '@tweet-pipes/cli/costs/full-batches';
import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { startPipe, stopPipe } from '@tweet-pipes/cli/recovery/pause-pipe';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { type Random, seededRandom, systemRandom } from '@tweet-pipes/kit/random';
import { startRuntime } from '@tweet-pipes/local-aws';
import { type PaceTable, paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { zipf } from '@tweet-pipes/producer/generate/zipf';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { Histogram } from '../simulation/histogram.ts';
import { type Scenario, TEMPLATE_BYTES } from '../simulation/scenario.ts';

/** The result of runtime or model, in virtual milliseconds. */
export interface Drain {
  /** Without those that were refused. */
  readonly executionP50Ms: number;
  /** Of each shard from its first execution's start to its last one's end, added. */
  readonly tweetsPerSecond: number;
  readonly throttles: number;
}

/** The table of AWS's pace without limits on PutRecords, for a backlog at once, and with this limit of an item. */
export function withoutPutLimits(itemWriteUnitsPerSecond = 1_000): PaceTable {
  const source = 'recalled' as const;
  return paceTable({
    limits: {
      shardWriteRecordsPerSecond: { value: 1e9, source },
      shardWriteBytesPerSecond: { value: 1e12, source },
      itemWriteUnitsPerSecond: { value: itemWriteUnitsPerSecond, source },
    },
  });
}

/** Drains a backlog with a runtime at AWS's pace in slow motion, and times its executions from outside. */
export async function measureRuntime(scenario: Scenario, slowMotion: number): Promise<Drain> {
  const folder = await mkdtemp(join(tmpdir(), 'scale-'));
  const executionMs = new Histogram();
  const spans = new Map<string, { firstMs: number; lastMs: number }>();
  let nowMs = () => 0;
  const runtime = await startRuntime({
    appFolder: PROJECT_FOLDER,
    assemblyCacheFolder: ASSEMBLY_CACHE_FOLDER,
    dataFolder: folder,
    stacks: ['TweetPipes'],
    context: {
      'aws:cdk:bundling-stacks': ['TweetPipes'],
      'tweetPipes:shards': scenario.shards,
      'tweetPipes:ingestBatchSize': scenario.batchSize,
      'tweetPipes:ingestBatchWindowSeconds': scenario.windowSeconds,
    },
    likeAws: scenario.table,
    slowMotion,
    random: systemRandom,
    async intercept(call, forward) {
      if (call.service !== 'states' || call.operation !== 'StartSyncExecution') return forward();
      const shard = /shardId-\d+/.exec(call.request.body.toString('utf8'))?.[0] ?? '';
      const startMs = nowMs();
      const answer = await forward();
      const span = { firstMs: spans.get(shard)?.firstMs ?? startMs, lastMs: nowMs() };
      spans.set(shard, span);
      if (answer.statusCode === 200) executionMs.add(span.lastMs - startMs);
      return answer;
    },
  });
  const clients = createClients({ endpoint: runtime.endpoint });
  nowMs = runtime.clock.now;
  try {
    const outputs = await readStackOutputs(clients, runtime.stackName);
    // The pipe starts when all records are in the stream.
    const pause = { clients, clock: systemClock, note: () => {} };
    await stopPipe(pause, outputs.IngestPipeName);
    await writeRecords(madeUpTweets(scenario, seededRandom(scenario.seed)), {
      client: clients.kinesis,
      streamName: outputs.TweetStreamName,
      clock: runtime.clock,
      random: systemRandom,
    });
    await startPipe(pause, outputs.IngestPipeName);
    await runtime.whenIdle();
    const rates = [...spans.values()].map(({ firstMs, lastMs }) => scenario.backlogPerShard / (lastMs - firstMs));
    return {
      executionP50Ms: executionMs.percentile(0.5),
      tweetsPerSecond: rates.reduce((sum, rate) => sum + rate, 0) * 1000,
      throttles: runtime.paceCounts()?.throttledWrites ?? 0,
    };
  } finally {
    clients.destroy();
    await runtime.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * The backlog of the scenario: as many tweets for each shard, so that batches are full. What brings them to their size
 * is nothing that the workflow stores.
 */
function* madeUpTweets(scenario: Scenario, random: Random): Generator<StreamRecord> {
  const { shards, backlogPerShard, hashtagsPerTweet, hotShare, differentHashtags, zipfExponent } = scenario;
  const rank = zipf(differentHashtags, zipfExponent);
  const recordBytes = scenario.inputBytesPerTweet - TEMPLATE_BYTES;
  const room = Array.from({ length: shards }, () => backlogPerShard);
  for (let index = 0; room.some((left) => left > 0); index += 1) {
    const id_str = `19${String(index).padStart(17, '0')}`;
    const shard = shardOfKey(id_str, shards);
    if (room[shard] === 0) continue;
    room[shard] = (room[shard] ?? 0) - 1;
    const hashtags = Array.from({ length: hashtagsPerTweet }, () => ({ text: `tag${rank(random)}` }));
    if (random.next() < hotShare) hashtags.push({ text: 'hot' });
    const tweet = { id_str, text: 'What a day. '.repeat(10), lang: 'en', entities: { hashtags }, fill: '' };
    const missing = Math.max(0, recordBytes - JSON.stringify(tweet).length);
    const data = Buffer.from(JSON.stringify({ ...tweet, fill: 'x'.repeat(missing) }));
    yield { data, partitionKey: id_str };
  }
}
