import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, GetShardIteratorCommand, type Shard } from '@aws-sdk/client-kinesis';
import type { PipeLagStatus } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { parsePosition } from '@tweet-pipes/kit/position';
import type { DeadLetter } from '../recovery/dead-letter.ts';
import { coversRecord } from '../recovery/dead-letter-look.ts';
import { listShards } from '../stack/list-shards.ts';
import { NotKnown } from './known.ts';

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
 * advances. One read of the stream a shard. Throws the SDK's error, and NotKnown when DynamoDB does not answer all.
 */
export async function readStreamLag(source: LagSource): Promise<PipeLagStatus> {
  const shards = await listShards(source.clients, source.streamName);
  const marks = await readMarks(source, shards);
  const behind = await Promise.all(shards.map(({ ShardId = '' }) => readShard(source, ShardId, marks.get(ShardId))));
  const waiting = behind.filter(({ records }) => records > 0);
  return {
    records: waiting.reduce((sum, { records }) => sum + records, 0),
    isAtLeast: waiting.some(({ isAtLeast }) => isAtLeast),
    seconds: Math.max(0, ...waiting.map(({ seconds }) => seconds)),
    shards: waiting.map(({ shardId, records, seconds }) => ({ shardId, records, seconds })),
  };
}

/** The most keys of one BatchGetItem. */
const keysPerCall = 100;

async function readMarks({ clients, shardTable }: LagSource, shards: readonly Shard[]): Promise<Map<string, string>> {
  const marks = new Map<string, string>();
  for (let start = 0; start < shards.length; start += keysPerCall) {
    const Keys = shards.slice(start, start + keysPerCall).map(({ ShardId = '' }) => ({ shard: { S: ShardId } }));
    const { Responses, UnprocessedKeys } = await clients.dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: {
          [shardTable]: {
            Keys,
            ConsistentRead: true,
            // `shard` is a reserved word of DynamoDB.
            ProjectionExpression: '#shard, storedUpTo',
            ExpressionAttributeNames: { '#shard': 'shard' },
          },
        },
      }),
    );
    if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new NotKnown(`${shardTable} is throttled`);
    for (const { shard, storedUpTo } of Responses?.[shardTable] ?? []) {
      const sequence = parsePosition(storedUpTo?.S ?? '')?.sequence;
      if (shard?.S !== undefined && sequence !== undefined) marks.set(shard.S, sequence);
    }
  }
  return marks;
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
