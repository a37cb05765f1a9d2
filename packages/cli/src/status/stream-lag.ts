import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import type { PipeLagStatus } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { parsePosition } from '@tweet-pipes/kit/position';
import type { DeadLetter } from '../recovery/dead-letter.ts';
import { coversRecord } from '../recovery/dead-letter-look.ts';
import { readHighWaterMarks } from '../stack/high-water-marks.ts';
import { listShards } from '../stack/list-shards.ts';

/** What the lag behind a stream of tweets is read from. */
export interface LagSource {
  clients: AwsClients;
  clock: Clock;
  streamName: string;
  /** Has the high-water mark of each shard. */
  shardTable: string;
  /** Records that the pipe gave up; they do not wait for it. */
  deadLetters: readonly DeadLetter[];
}

/**
 * Records that are looked at in one shard. All consumers of a shard share 2 MB a second, so a look takes little of it.
 */
const sample = 100;
/** AWS may answer empty pages before the records come. */
const mostPages = 5;

/**
 * How far the ingest pipe is behind its stream: what is behind the high-water mark of each shard, which each batch
 * advances. One read of the stream a shard. Throws the SDK's error, and Error when DynamoDB does not answer all.
 */
export async function readStreamLag(source: LagSource): Promise<PipeLagStatus> {
  const shards = await listShards(source.clients, source.streamName);
  const shardIds = shards.map(({ ShardId = '' }) => ShardId);
  const marks = await readHighWaterMarks(source.clients, source.shardTable, shardIds);
  const behind = await Promise.all(
    shardIds.map((shardId) => readShard(source, shardId, parsePosition(marks.get(shardId) ?? '')?.sequence)),
  );
  const waiting = behind.filter(({ records }) => records > 0);
  return {
    records: waiting.reduce((sum, { records }) => sum + records, 0),
    isAtLeast: waiting.some(({ isAtLeast }) => isAtLeast),
    seconds: Math.max(0, ...waiting.map(({ seconds }) => seconds)),
    shards: waiting.map(({ shardId, records, seconds }) => ({ shardId, records, seconds })),
  };
}

async function readShard(
  { clients, clock, streamName, deadLetters }: LagSource,
  shardId: string,
  mark: string | undefined,
): Promise<{ shardId: string; records: number; isAtLeast: boolean; seconds: number }> {
  const { ShardIterator: first } = await clients.kinesis.send(
    new GetShardIteratorCommand({
      StreamName: streamName,
      ShardId: shardId,
      ...(mark === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: mark }),
    }),
  );
  let ShardIterator = first;
  for (let page = 0; page < mostPages && ShardIterator !== undefined; page += 1) {
    const answer = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: sample }));
    const read = answer.Records ?? [];
    const records = read.filter(
      ({ SequenceNumber: sequence = '0' }) => !deadLetters.some((each) => coversRecord(each, { shardId, sequence })),
    );
    const [oldest] = records;
    if (oldest !== undefined) {
      const arrivedMs = oldest.ApproximateArrivalTimestamp?.getTime() ?? clock.now();
      const seconds = Math.max(0, (clock.now() - arrivedMs) / 1000);
      return { shardId, records: records.length, isAtLeast: read.length >= sample, seconds };
    }
    if (read.length === 0 && (answer.MillisBehindLatest ?? 0) === 0) break;
    ShardIterator = answer.NextShardIterator;
  }
  return { shardId, records: 0, isAtLeast: false, seconds: 0 };
}
