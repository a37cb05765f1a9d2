import type { Clock } from '@tweet-pipes/kit/clock';
import { isJsonObject } from '@tweet-pipes/kit/json';
import db, { type Shard, type StreamMeta } from 'kinesalite/db/index.js';
import { AwsError } from '../gateway/aws-error.ts';
import type { WireEvent } from '../gateway/wire.ts';
import { checkInput } from './kinesalite-call.ts';
import { resourceNameOf } from './kinesis-arn.ts';
import { findConsumer } from './kinesis-consumers.ts';
import { findStream, invalidArgument, type KinesisContext, nameType, numberOf, textOf } from './kinesis-operation.ts';
import { runKinesis } from './kinesis-operations.ts';
import { firstSince } from './kinesis-reads.ts';
import { childShards, isOpen } from './kinesis-shards.ts';
import type { UseCount } from './use-count.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
const LONGEST_MS = 5 * 60_000;
const TAKEOVER_AFTER_MS = 5_000;
/** Between two looks for new records. AWS pushes within about 70 ms. */
const POLL_MS = 100;
/** AWS sends an event without records now and then, so that a caller knows its position. */
const HEARTBEAT_MS = 5_000;

const JSON_TYPE = 'application/x-amz-json-1.1';

const types = {
  ConsumerARN: { type: 'String', notNull: true },
  ShardId: { ...nameType, notNull: true },
  StartingPosition: {
    type: 'Structure',
    notNull: true,
    children: {
      Type: {
        type: 'String',
        notNull: true,
        enum: ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'],
      },
      SequenceNumber: { type: 'String', regex: '0|([1-9]\\d{0,128})' },
      Timestamp: { type: 'Timestamp' },
    },
  },
};

/** The subscriptions of a store: one for each consumer and shard. */
export class Subscriptions {
  readonly #context: KinesisContext;
  readonly #users: Pick<UseCount, 'use'>;
  readonly #current = new Map<string, { startedMs: number; isTaken: boolean }>();

  constructor(context: KinesisContext, users: Pick<UseCount, 'use'>) {
    this.#context = context;
    this.#users = users;
  }

  /**
   * The events of a SubscribeToShard: an `initial-response`, then records as they come, for five minutes, until the end
   * of the shard, or until a later call of the same consumer takes the shard over. Throws {@link AwsError}.
   */
  subscribe(input: Record<string, unknown>): Promise<(closed: AbortSignal) => AsyncIterable<WireEvent>> {
    return this.#users.use(() => this.#subscribe(input));
  }

  async #subscribe(given: Record<string, unknown>) {
    const { store, clock } = this.#context;
    const input = checkInput('SubscribeToShard', given, { types });
    const arn = textOf(input.ConsumerARN) ?? '';
    const shardId = textOf(input.ShardId) ?? '';
    const { streamName } = resourceNameOf(arn);
    const stream = await findStream(store, streamName);
    findConsumer(stream, arn);
    const shard = stream.Shards.find((each) => each.ShardId === shardId);
    if (shard === undefined) {
      const message = `Shard ${shardId} in stream ${streamName} under account ${store.metaDb.awsAccountId} does not exist`;
      throw new AwsError('ResourceNotFoundException', message);
    }
    const after = await this.#startAfter(stream, shard, input.StartingPosition);
    const key = `${arn} ${shardId}`;
    const earlier = this.#current.get(key);
    if (earlier !== undefined) {
      if (clock.now() - earlier.startedMs < TAKEOVER_AFTER_MS) {
        const message = `Consumer ${arn} subscribed to ${shardId} less than 5 seconds ago.`;
        throw new AwsError('ResourceInUseException', message);
      }
      earlier.isTaken = true;
    }
    const subscription = { startedMs: clock.now(), isTaken: false };
    this.#current.set(key, subscription);
    return (closed: AbortSignal) => this.#events({ streamName, shardId, after }, subscription, closed);
  }

  async *#events(
    position: { streamName: string; shardId: string; after: string },
    subscription: { startedMs: number; isTaken: boolean },
    closed: AbortSignal,
  ): AsyncGenerator<WireEvent> {
    const { clock } = this.#context;
    yield event('initial-response', {});
    let { after } = position;
    let sentMs = Number.NEGATIVE_INFINITY;
    while (!closed.aborted && clock.now() - subscription.startedMs < LONGEST_MS) {
      if (subscription.isTaken) {
        const message = 'Another call of the consumer subscribed to the shard.';
        yield { ...event('ResourceInUseException', { message }), isException: true };
        return;
      }
      const from = { ...position, after };
      const read = await this.#users.use(() => this.#read(from));
      after = read.after;
      if (read.children !== undefined) {
        yield event('SubscribeToShardEvent', {
          Records: [],
          MillisBehindLatest: 0,
          ChildShards: read.children,
        });
        return;
      }
      if (read.records.length > 0 || clock.now() - sentMs >= HEARTBEAT_MS) {
        sentMs = clock.now();
        yield event('SubscribeToShardEvent', {
          Records: read.records,
          ContinuationSequenceNumber: after,
          MillisBehindLatest: read.behindMs,
        });
      }
      if (read.behindMs === 0) await clock.sleep(POLL_MS, closed);
    }
  }

  /** One look for records. `children` are those of a shard that has ended. */
  async #read({ streamName, shardId, after }: { streamName: string; shardId: string; after: string }) {
    const { store } = this.#context;
    // Before the records: what is put before a shard closes is read before its end is told.
    const stream = await findStream(store, streamName);
    const { ShardIterator } = await runKinesis(this.#context, 'GetShardIterator', {
      StreamName: streamName,
      ShardId: shardId,
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      StartingSequenceNumber: after,
    });
    const output = await runKinesis(this.#context, 'GetRecords', { ShardIterator });
    const records = Array.isArray(output.Records) ? output.Records : [];
    const last: unknown = records.at(-1);
    const shard = stream.Shards.find((each) => each.ShardId === shardId);
    const hasEnded = records.length === 0 && shard !== undefined && !isOpen(shard);
    return {
      records,
      after: (isJsonObject(last) ? textOf(last.SequenceNumber) : undefined) ?? after,
      behindMs: numberOf(output.MillisBehindLatest) ?? 0,
      children: hasEnded ? childShards(stream, shardId) : undefined,
    };
  }

  /** The sequence number after which a subscription reads: a record's, or one between two records. */
  async #startAfter(stream: StreamMeta, shard: Shard, position: unknown): Promise<string> {
    const { store, clock } = this.#context;
    const { Type, SequenceNumber, Timestamp } = isJsonObject(position) ? position : {};
    switch (Type) {
      case 'TRIM_HORIZON':
        return beforeAll(shard);
      case 'LATEST':
        return latest(stream, shard, clock);
      case 'AT_TIMESTAMP': {
        const seconds = numberOf(Timestamp);
        if (seconds === undefined) throw invalidArgument('StartingPosition AT_TIMESTAMP requires Timestamp.');
        const found = await firstSince(store, clock, stream.StreamName, shard.ShardId, seconds);
        if (found === 'unreadable') throw invalidArgument('Timestamp must not be in the future.');
        return found === undefined ? latest(stream, shard, clock) : before(found, shard);
      }
      default: {
        const sequenceNumber = textOf(SequenceNumber);
        if (sequenceNumber === undefined) {
          throw invalidArgument(`StartingPosition ${String(Type)} requires SequenceNumber.`);
        }
        await runKinesis(this.#context, 'GetShardIterator', {
          StreamName: stream.StreamName,
          ShardId: shard.ShardId,
          ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
          StartingSequenceNumber: sequenceNumber,
        });
        return Type === 'AT_SEQUENCE_NUMBER' ? before(sequenceNumber, shard) : sequenceNumber;
      }
    }
  }
}

/** A sequence number below every record of the shard. kinesalite may give the first record the shard's own. */
function beforeAll({ SequenceNumberRange }: Shard): string {
  const first = db.parseSequence(SequenceNumberRange.StartingSequenceNumber);
  return db.stringifySequence({ ...first, seqTime: first.seqTime - 1_000 });
}

/** A sequence number below every record that is yet to be put. Groups of five shards share a counter of records. */
function latest(stream: StreamMeta, shard: Shard, clock: Clock): string {
  const first = db.parseSequence(shard.SequenceNumberRange.StartingSequenceNumber);
  const next = Number(stream._seqIx[Math.floor(first.shardIx / 5)] ?? 0);
  return next === 0
    ? beforeAll(shard)
    : db.stringifySequence({ ...first, seqIx: next - 1, seqTime: Math.max(clock.now(), first.seqTime) });
}

/** A sequence number below this one and not below an earlier record of the shard. */
function before(sequenceNumber: string, shard: Shard): string {
  const sequence = db.parseSequence(sequenceNumber);
  const index = BigInt(sequence.seqIx ?? 0);
  return index === 0n ? beforeAll(shard) : db.stringifySequence({ ...sequence, seqIx: String(index - 1n) });
}

function event(type: string, content: object): WireEvent {
  return { type, contentType: JSON_TYPE, body: Buffer.from(JSON.stringify(content)) };
}
