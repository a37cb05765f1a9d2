import { createHash } from 'node:crypto';
import { KinesisServiceException, type PutRecordsCommand, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';

import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { connectionProblem } from '@tweet-pipes/kit/connection-error';
import { formatPosition } from '@tweet-pipes/kit/position';
import { seededRandom } from '@tweet-pipes/kit/random';
import type { LandedInStream, PutsRecords } from '@tweet-pipes/producer/kinesis-sink';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import type { WriteSummary } from '@tweet-pipes/producer/write-error';
import { crashedWithin, Feed } from './feed.ts';

/** The stream of the current runtime. */
export interface FedStream {
  client: PutsRecords;
  streamName: string;
}

/** A record that the stream acknowledged. */
export interface Acknowledged {
  position: string;
  fingerprint: string;
  /** True if an earlier attempt ended without a clear answer: the stream may hold an unacknowledged copy. */
  maybeTwice: boolean;
}

/** Feeds one sample. It repeats each record until it is acknowledged. Records of a key keep their order. */
export class Feeder extends Feed<FedStream> {
  /** Acknowledged records, in the order of the answers. */
  readonly acknowledged: Acknowledged[] = [];
  /** Every record that was sent, by {@link fingerprintOf}. */
  readonly sent = new Map<string, SampleRecord>();
  /** Calls that found nothing listening. */
  refusedCalls = 0;
  /** Resolves after {@link finish} when all released records are acknowledged. */
  readonly done: Promise<WriteSummary>;

  constructor({ seed, clock = systemClock }: { seed: number; clock?: Clock }) {
    super();
    this.done = writeRecords(this.#records(seed), {
      client: { send: (command) => this.#send(command) },
      // Replaced in #send by the name in the current runtime.
      streamName: 'TweetPipes',
      random: seededRandom(seed),
      recordsPerCall: 60,
      callsInFlight: 3,
      ...this.persistently(clock),
      onLanded: (record, { shardId, sequenceNumber, maybeTwice }: LandedInStream) => {
        const position = formatPosition(shardId, sequenceNumber);
        this.acknowledged.push({ position, fingerprint: fingerprintOf(record.partitionKey, record.data), maybeTwice });
      },
    });
    // A failure is reported to those who await it; without this it would be unhandled until then.
    this.done.catch(() => {});
  }

  async *#records(seed: number): AsyncGenerator<SampleRecord> {
    for await (const record of this.whenReleased(sampleRecords({ seed, records: Number.MAX_SAFE_INTEGER }))) {
      this.sent.set(fingerprintOf(record.partitionKey, record.data), record);
      yield record;
    }
  }

  async #send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput> {
    const { client, streamName } = await this.target();
    command.input.StreamName = streamName;
    try {
      return await client.send(command);
    } catch (error) {
      const problem = connectionProblem(error);
      if (problem?.includes('ECONNREFUSED')) this.refusedCalls += 1;
      if (problem !== undefined || error instanceof KinesisServiceException) throw error;
      throw crashedWithin(error);
    }
  }
}

/** A hash of partition key and data. */
export function fingerprintOf(partitionKey: string, data: Uint8Array): string {
  return createHash('sha256').update(`${partitionKey.length} ${partitionKey}`).update(data).digest('base64');
}
