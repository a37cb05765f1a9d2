import { Readable } from 'node:stream';
import type { Clock } from '@tweet-pipes/kit/clock';
import db, { type RangeOptions, type Store, type StoredRecord, type SubLevel } from 'kinesalite/db/index.js';
import { callKinesalite } from './kinesalite-call.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const READ_LIMIT_BYTES = 10 * 1024 * 1024;

interface Entry {
  key: string;
  value: StoredRecord;
}

/** The stream and the shard of one GetRecords, and the last entry read from disk. */
export interface ReadTrace {
  streamName?: string;
  shardId?: string;
  last?: Entry;
}

/**
 * A view of the store whose reads end after 10 MiB, as on AWS. kinesalite itself answers 10,000 records of any size.
 */
export function cappedReads(store: Store, trace: ReadTrace): Store {
  const getStreamDb = (name: string): SubLevel<StoredRecord> => {
    trace.streamName = name;
    const records = store.getStreamDb(name);
    const createReadStream = (options?: RangeOptions): Readable => {
      const shardIx = Number.parseInt(options?.gte?.split('/')[0] ?? '', 16);
      trace.shardId = db.resolveShardId(String(shardIx)).shardId;
      return Readable.from(capReads(records.createReadStream(options), trace));
    };
    return Object.create(records, { createReadStream: { value: createReadStream } });
  };
  return Object.create(store, { getStreamDb: { value: getStreamDb } });
}

async function* capReads(entries: AsyncIterable<Entry>, trace: ReadTrace): AsyncGenerator<Entry> {
  let bytes = 0;
  for await (const entry of entries) {
    bytes += entry.value.PartitionKey.length + Math.floor((entry.value.Data.length * 3) / 4);
    if (bytes > READ_LIMIT_BYTES && bytes > entry.value.Data.length) return;
    trace.last = entry;
    yield entry;
  }
}

/**
 * The lag of a GetRecords answer in milliseconds: 0 when no record follows the last one, else the age of that one.
 * kinesalite always answers 0. `answered` is the last record of the answer. Undefined: the records that were read had
 * expired.
 */
export async function millisBehindLatest(
  store: Store,
  clock: Clock,
  trace: ReadTrace,
  answered: { sequenceNumber: string; arrivalSeconds: number } | undefined,
): Promise<number> {
  const { streamName, last } = trace;
  if (streamName === undefined || last === undefined) return 0;
  const position = answered ?? {
    sequenceNumber: last.key.slice(last.key.indexOf('/') + 1),
    arrivalSeconds: last.value.ApproximateArrivalTimestamp,
  };
  const { shardIx } = db.parseSequence(position.sequenceNumber);
  const shard = db.shardIxToHex(shardIx);
  const after = { gt: `${shard}/${position.sequenceNumber}`, lt: db.shardIxToHex(shardIx + 1), limit: 1 };
  for await (const _key of store.getStreamDb(streamName).createKeyStream(after)) {
    return Math.max(1, Math.round(clock.now() - position.arrivalSeconds * 1000));
  }
  return 0;
}

/** Opens an AT_TIMESTAMP iterator. kinesalite itself hangs when no record is as new. */
export async function iteratorAtTimestamp(
  store: Store,
  clock: Clock,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { Timestamp, StreamName, ShardId, ...rest } = input;
  // kinesalite rejects an invalid or future time with AWS's message.
  const found =
    typeof Timestamp === 'number' && typeof StreamName === 'string' && typeof ShardId === 'string'
      ? await firstSince(store, clock, StreamName, ShardId, Timestamp)
      : 'unreadable';
  if (found === 'unreadable') return callKinesalite(store, 'GetShardIterator', input);
  const named = { ...rest, StreamName, ShardId };
  return callKinesalite(
    store,
    'GetShardIterator',
    found === undefined
      ? { ...named, ShardIteratorType: 'LATEST' }
      : { ...named, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: found },
  );
}

/**
 * The sequence number of the first record that arrived at this time or later. Undefined when there is none,
 * `unreadable` for a time in the future and a shard id that is none.
 */
export async function firstSince(
  store: Store,
  clock: Clock,
  streamName: string,
  shardId: string,
  epochSeconds: number,
): Promise<string | undefined | 'unreadable'> {
  if (!/^(shardId-)?\d+$/.test(shardId) || epochSeconds * 1000 > clock.now()) return 'unreadable';
  const { shardIx } = db.resolveShardId(shardId);
  const shard = { gt: db.shardIxToHex(shardIx), lt: db.shardIxToHex(shardIx + 1) };
  const entries: AsyncIterable<Entry> = store.getStreamDb(streamName).createReadStream(shard);
  for await (const { key, value } of entries) {
    if (value.ApproximateArrivalTimestamp >= epochSeconds) return key.slice(key.indexOf('/') + 1);
  }
  return undefined;
}
