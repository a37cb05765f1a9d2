import { createHash } from 'node:crypto';
import { GetRecordsCommand, GetShardIteratorCommand, type Shard } from '@aws-sdk/client-kinesis';
import { isJsonObject, type Json } from '@tweet-pipes/kit/json';
import { plural } from '@tweet-pipes/kit/wording';
import type { RecordFilter } from '@tweet-pipes/local-aws/pipes/filter/record-filter';
import { kinesisRecord } from '@tweet-pipes/local-aws/pipes/sources/kinesis-source';
import { type IngestRecord, ingestRecord } from '../recovery/ingest-record.ts';
import type { Extracted } from '../recovery/workflow-extraction.ts';
import { dataSize } from '../terminal/terminal.ts';
import type { TraceContext } from './context.ts';
import type { FoundRecord } from './findings.ts';

/** What the workflow and the pipe make of a record. */
export interface Reading {
  extract(record: IngestRecord): Promise<Extracted>;
  keeps: RecordFilter;
}

/**
 * The records of a tweet that are still on the stream: of the shard to which its id leads, and of the others only if
 * that has none. What the workflow makes of a record is what the deployed workflow says. Throws the SDK's errors.
 */
export async function findRecords(
  context: TraceContext,
  id: string,
  shards: readonly Shard[],
  reading: Reading,
): Promise<FoundRecord[]> {
  const own = shards.filter((shard) => holdsKey(shard, id));
  const found = await search(context, id, own, reading);
  if (found.length > 0) return found;
  return search(
    context,
    id,
    shards.filter((shard) => !own.includes(shard)),
    reading,
  );
}

/** Whether records with this partition key go to the shard: by the MD5 of the key (AWS: "PutRecord"). */
export function holdsKey({ HashKeyRange }: Shard, partitionKey: string): boolean {
  const hash = BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
  const { StartingHashKey = '0', EndingHashKey = '0' } = HashKeyRange ?? {};
  return hash >= BigInt(StartingHashKey) && hash <= BigInt(EndingHashKey);
}

async function search(
  context: TraceContext,
  id: string,
  shards: readonly Shard[],
  reading: Reading,
): Promise<FoundRecord[]> {
  const read = { records: 0, bytes: 0 };
  const found: FoundRecord[] = [];
  for (const { ShardId } of shards) {
    if (ShardId === undefined || context.signal.aborted) continue;
    for await (const record of recordsOf(context, ShardId, id, read)) {
      const judged = await judge(record, id, reading);
      if (judged !== undefined) found.push(judged);
    }
  }
  if (shards.length > 0) {
    context.note(
      `Read ${plural(read.records, 'record')} (${dataSize(read.bytes)}) of ${plural(shards.length, 'shard')} of the stream; ${plural(found.length, 'record')} of the tweet.`,
    );
  }
  return found;
}

type StreamRecord = ReturnType<typeof kinesisRecord>;

/** Records whose bytes have the id somewhere, or whose partition key is the id. */
async function* recordsOf(
  { clients, stack, sinceMs, signal, onProgress }: TraceContext,
  ShardId: string,
  id: string,
  read: { records: number; bytes: number },
): AsyncGenerator<StreamRecord> {
  const { ShardIterator: first } = await clients.kinesis.send(
    new GetShardIteratorCommand({
      StreamName: stack.TweetStreamName,
      ShardId,
      ...(sinceMs === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(sinceMs) }),
    }),
  );
  const needle = Buffer.from(id);
  let ShardIterator = first;
  while (ShardIterator !== undefined && !signal.aborted) {
    const answer = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    const records = answer.Records ?? [];
    for (const record of records) {
      read.records += 1;
      read.bytes += record.Data?.length ?? 0;
      const isOfId = record.PartitionKey === id || Buffer.from(record.Data ?? []).includes(needle);
      if (isOfId) yield kinesisRecord(record, ShardId, { arn: '', region: '', roleArn: '' });
    }
    onProgress?.(read.records);
    if (records.length === 0 && (answer.MillisBehindLatest ?? 0) === 0) return;
    ShardIterator = answer.NextShardIterator;
  }
}

/** Undefined for a record of another tweet, such as one that quotes this one. */
async function judge(record: StreamRecord, id: string, reading: Reading): Promise<FoundRecord | undefined> {
  const ingest = ingestRecord(record);
  const base = {
    position: ingest.position,
    arrivedMs: record.arrivalMs,
    hashtags: [],
    isKept: reading.keeps(record),
  };
  const extracted: Extracted =
    ingest.tooLarge === undefined
      ? await reading.extract(ingest)
      : { kind: 'rejected', reason: `too-large: ${ingest.tooLarge}` };
  switch (extracted.kind) {
    case 'tweet':
      return extracted.id === id ? { ...base, kind: 'tweet', hashtags: extracted.hashtags } : undefined;
    case 'deletion':
      return extracted.id === id ? { ...base, kind: 'notice' } : undefined;
    case 'rejected': {
      const isOwn = record.event.partitionKey === id || namesItself(ingest.tweet, id);
      return isOwn ? { ...base, kind: 'rejected', reason: extracted.reason } : undefined;
    }
  }
}

/** Whether a record that the workflow cannot use gives itself this id, in a form of X's API. */
export function namesItself(tweet: Json, id: string): boolean {
  if (!isJsonObject(tweet)) return false;
  const bodies = [tweet, tweet.data, isJsonObject(tweet.delete) ? tweet.delete.status : undefined];
  return bodies.some((body) => isJsonObject(body) && [body.id_str, body.id].some((each) => String(each) === id));
}
