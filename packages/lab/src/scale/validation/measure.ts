import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { createClients } from '@tweet-pipes/kit/aws-clients';
import { type Random, seededRandom, systemRandom } from '@tweet-pipes/kit/random';
import { startRuntime } from '@tweet-pipes/local-aws';
import { type PaceTable, paceTable } from '@tweet-pipes/local-aws/pace/pace-table';
import { zipf } from '@tweet-pipes/producer/generate/zipf';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { Histogram } from '../simulation/histogram.ts';
import type { Scenario } from '../simulation/scenario.ts';

/** The result of runtime or model, in virtual milliseconds. */
export interface Drain {
  readonly executions: number;
  readonly executionP50Ms: number;
  /** From the first execution's start to the last one's end. */
  readonly drainedMs: number;
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
  const span = { firstMs: Number.POSITIVE_INFINITY, lastMs: 0 };
  let nowMs = () => 0;
  const runtime = await startRuntime({
    appFolder: PROJECT_FOLDER,
    dataFolder: folder,
    context: {
      'tweetPipes:shards': scenario.shards,
      'tweetPipes:ingestBatchSize': scenario.batchSize,
      'tweetPipes:ingestBatchWindowSeconds': scenario.windowSeconds,
    },
    likeAws: scenario.table,
    slowMotion,
    random: systemRandom,
    async intercept(call, forward) {
      if (call.service !== 'states' || call.operation !== 'StartSyncExecution') return forward();
      const startMs = nowMs();
      span.firstMs = Math.min(span.firstMs, startMs);
      const answer = await forward();
      span.lastMs = nowMs();
      executionMs.add(span.lastMs - startMs);
      return answer;
    },
  });
  const clients = createClients({ endpoint: runtime.endpoint });
  nowMs = runtime.clock.now;
  try {
    const outputs = await readStackOutputs(clients, runtime.stackName);
    const tweets = scenario.shards * scenario.backlogPerShard;
    await writeRecords(madeUpTweets(tweets, scenario, seededRandom(scenario.seed)), {
      client: clients.kinesis,
      streamName: outputs.TweetStreamName,
      clock: runtime.clock,
      random: systemRandom,
    });
    await runtime.whenIdle();
    const drainedMs = span.lastMs - span.firstMs;
    return {
      executions: executionMs.total,
      executionP50Ms: executionMs.percentile(0.5),
      drainedMs,
      tweetsPerSecond: (tweets / drainedMs) * 1000,
      throttles: runtime.paceCounts()?.throttledWrites ?? 0,
    };
  } finally {
    clients.destroy();
    await runtime.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function* madeUpTweets(count: number, scenario: Scenario, random: Random): Generator<StreamRecord> {
  const rank = zipf(scenario.differentHashtags, scenario.zipfExponent);
  for (let index = 0; index < count; index += 1) {
    const hashtags = Array.from({ length: scenario.hashtagsPerTweet }, () => ({ text: `tag${rank(random)}` }));
    if (random.next() < scenario.hotShare) hashtags.push({ text: 'hot' });
    const id_str = `19${String(index).padStart(17, '0')}`;
    const tweet = { id_str, text: 'What a day. '.repeat(10), lang: 'en', entities: { hashtags } };
    yield { data: Buffer.from(JSON.stringify(tweet)), partitionKey: id_str };
  }
}
