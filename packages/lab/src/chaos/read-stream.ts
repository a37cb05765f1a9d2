import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { listShards } from '@tweet-pipes/cli/stack/list-shards';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { formatPosition } from '@tweet-pipes/kit/position';
import { fingerprintOf } from './feeder.ts';

/** A record as it is in the stream. */
export interface StoredRecord {
  position: string;
  sequenceNumber: bigint;
  fingerprint: string;
}

/**
 * All records of the stream, by sequence number. This is the order within each partition key, also across splits and
 * merges: the numbers of a shard are higher than those of its parents. Nothing may be written meanwhile.
 */
export async function readStream(clients: AwsClients, streamName: string): Promise<StoredRecord[]> {
  const stored: StoredRecord[] = [];
  for (const { ShardId } of await listShards(clients, streamName)) {
    stored.push(...(await readShard(clients, streamName, ShardId ?? '')));
  }
  return stored.sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1));
}

async function readShard({ kinesis }: AwsClients, streamName: string, shardId: string): Promise<StoredRecord[]> {
  const stored: StoredRecord[] = [];
  const start = { StreamName: streamName, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let iterator = (await kinesis.send(new GetShardIteratorCommand(start))).ShardIterator;
  while (iterator !== undefined) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1_000 }));
    for (const { PartitionKey = '', Data = new Uint8Array(), SequenceNumber = '' } of page.Records ?? []) {
      stored.push({
        position: formatPosition(shardId, SequenceNumber),
        sequenceNumber: BigInt(SequenceNumber),
        fingerprint: fingerprintOf(PartitionKey, Data),
      });
    }
    iterator = page.NextShardIterator;
    if ((page.Records ?? []).length === 0 && page.MillisBehindLatest === 0) return stored;
  }
  return stored;
}
