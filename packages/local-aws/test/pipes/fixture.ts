import { readFileSync } from 'node:fs';
import type { Clock, ManualClock } from '@tweet-pipes/kit/clock';
import type { Json, JsonObject } from '@tweet-pipes/kit/json';
import { until as eventually } from '../../../kit/test/until.ts';
import type { Connections } from '../../src/pipes/connections.ts';
import type { DeadLetterQueue } from '../../src/pipes/dead-letter.ts';
import { DeliveryFailure } from '../../src/pipes/errors.ts';
import { kinesisRecord } from '../../src/pipes/sources/kinesis-source.ts';
import type { StreamRecord } from '../../src/pipes/sources/record.ts';
import type { Page, Shard, StreamSource } from '../../src/pipes/sources/source.ts';
import type { Target, TargetElement } from '../../src/pipes/targets/target.ts';

export const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/readings';
export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';

/** A case of a data file: input, expected output, and the source of the expectation. */
export interface Case<I, E> {
  name: string;
  source: string;
  input: I;
  expected: E;
}

export function readCases<I, E>(file: URL): Case<I, E>[] {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Records `1`, `2`, … of a Kinesis shard. */
export function recordOf(
  sequence: number,
  body: Json | Uint8Array = { n: sequence },
  arrivalMs = 0,
  shardId = 'shard-0',
): StreamRecord {
  return kinesisRecord(
    {
      Data: body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body)),
      PartitionKey: `key-${sequence}`,
      SequenceNumber: String(sequence),
      ApproximateArrivalTimestamp: new Date(arrivalMs),
    },
    shardId,
    { arn: streamArn, region: 'us-east-1', roleArn: 'arn:aws:iam::000000000000:role/pipe' },
  );
}

interface FakeShard {
  parents: string[];
  records: StreamRecord[];
  closed: boolean;
}

/** A stream in memory. An iterator is `<shard>/<index of the next record>`. */
export class FakeStream implements StreamSource {
  readonly kind = 'kinesis';
  readonly arn = streamArn;
  readonly shards = new Map<string, FakeShard>();
  readonly #clock: Clock;
  #sequence = 0;
  /** GetRecords calls so far. */
  reads = 0;
  /** Thrown by the next GetRecords calls, one each. */
  readonly readErrors: Error[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.addShard('shard-0');
  }

  addShard(shardId: string, parents: string[] = []): void {
    this.shards.set(shardId, { parents, records: [], closed: false });
  }

  close(shardId: string): void {
    this.#shard(shardId).closed = true;
  }

  put(body: Json | Uint8Array, shardId = 'shard-0'): StreamRecord {
    this.#sequence += 1;
    const record = recordOf(this.#sequence, body, this.#clock.now(), shardId);
    this.#shard(shardId).records.push(record);
    return record;
  }

  async listShards(): Promise<Shard[]> {
    return [...this.shards].map(([shardId, { parents, closed }]) => ({ shardId, parentShardIds: parents, closed }));
  }

  async openIterator(shardId: string, after: string | undefined): Promise<string> {
    const { records } = this.#shard(shardId);
    const next =
      after === undefined ? 0 : records.findIndex(({ sequenceNumber }) => BigInt(sequenceNumber) > BigInt(after));
    return `${shardId}/${next === -1 ? records.length : next}`;
  }

  async getRecords(shardId: string, iterator: string, limit: number): Promise<Page> {
    this.reads += 1;
    const error = this.readErrors.shift();
    if (error !== undefined) throw error;
    const { records, closed } = this.#shard(shardId);
    const from = Number(iterator.slice(iterator.lastIndexOf('/') + 1));
    const page = records.slice(from, from + limit);
    const ended = closed && page.length === 0;
    return { records: page, next: ended ? undefined : `${shardId}/${from + page.length}`, behindMs: 0 };
  }

  #shard(shardId: string): FakeShard {
    const shard = this.shards.get(shardId);
    if (shard === undefined) throw new Error(`no shard ${shardId}`);
    return shard;
  }
}

/** A target that records its calls, each a list of parsed elements, and answers by `behaviour`. */
export class FakeTarget implements Target {
  readonly service = 'states';
  maximumElements = Number.POSITIVE_INFINITY;
  readonly calls: Json[][] = [];
  behaviour: (elements: Json[], signal: AbortSignal) => Json | undefined | Promise<Json | undefined> = () => undefined;

  async deliver(elements: readonly TargetElement[], signal: AbortSignal): Promise<Json | undefined> {
    const parsed = elements.map(({ text }): Json => JSON.parse(text));
    this.calls.push(parsed);
    return this.behaviour(parsed, signal);
  }
}

export class FakeQueue implements DeadLetterQueue {
  readonly messages: JsonObject[] = [];
  /** Sends that fail before the next one succeeds. */
  failures = 0;

  async check(): Promise<void> {}

  async send(body: JsonObject): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('queue is away');
    }
    this.messages.push(body);
  }
}

export function fakeConnections(parts: { source: StreamSource; target: Target; queue?: DeadLetterQueue }): Connections {
  return {
    source: () => parts.source,
    enrichment: () => undefined,
    target: () => parts.target,
    deadLetters: ({ source }) => (source.deadLetterArn === undefined ? undefined : (parts.queue ?? new FakeQueue())),
  };
}

export function failure(kind: 'customer' | 'internal' | 'fatal', name = 'Boom'): DeliveryFailure {
  return new DeliveryFailure(kind, name, 'it failed', { service: 'states' });
}

/** Advances the clock step by step until the condition holds. */
export async function until(
  clock: ManualClock,
  condition: () => boolean | Promise<boolean>,
  stepMs = 10,
): Promise<void> {
  // Checkpoints are real files. The pauses between later looks keep the clock from running away from a slow disk.
  const advanced = async (): Promise<boolean> => {
    if (await condition()) return true;
    await clock.advance(stepMs);
    return false;
  };
  await eventually(advanced, { what: String(condition) });
}

/** The variables of a pipe whose templates use none. */
export const noVariables = {
  'aws.pipes.pipe-arn': '',
  'aws.pipes.pipe-name': '',
  'aws.pipes.source-arn': '',
  'aws.pipes.enrichment-arn': '',
  'aws.pipes.target-arn': '',
};
