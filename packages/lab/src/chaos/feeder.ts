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
import { Wake } from '@tweet-pipes/producer/wake';
import type { WriteSummary } from '@tweet-pipes/producer/write-error';

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

/**
 * Feeds one sample across all rounds. It sends released records only, and repeats each until it is acknowledged.
 * Records of a key keep their order.
 */
export class Feeder {
  /** Acknowledged records, in the order of the answers. */
  readonly acknowledged: Acknowledged[] = [];
  /** Every record that was sent, by {@link fingerprintOf}. */
  readonly sent = new Map<string, SampleRecord>();
  /** Calls that found nothing listening. */
  refusedCalls = 0;
  /** Resolves after {@link finish} when all released records are acknowledged. */
  readonly done: Promise<WriteSummary>;

  readonly #wake = new Wake();
  #released = 0;
  #finished = false;
  #stream = Promise.withResolvers<FedStream>();
  #isServed = false;
  readonly #stop = new AbortController();

  constructor({ seed, clock = systemClock }: { seed: number; clock?: Clock }) {
    this.done = writeRecords(this.#records(seed), {
      client: { send: (command) => this.#send(command) },
      // Replaced in #send by the name in the current runtime.
      streamName: 'TweetPipes',
      // An abort ends waits between attempts.
      clock: { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, this.#stop.signal) },
      random: seededRandom(seed),
      recordsPerCall: 60,
      callsInFlight: 3,
      attempts: Number.MAX_SAFE_INTEGER,
      signal: this.#stop.signal,
      onLanded: (record, { shardId, sequenceNumber, maybeTwice }: LandedInStream) => {
        const position = formatPosition(shardId, sequenceNumber);
        this.acknowledged.push({ position, fingerprint: fingerprintOf(record.partitionKey, record.data), maybeTwice });
      },
    });
    // A failure is reported to those who await it; without this it would be unhandled until then.
    this.done.catch(() => {});
  }

  /** Switches to this stream; undefined makes senders wait for the next one. */
  use(stream: FedStream | undefined): void {
    // Senders wait for the current promise, so it is replaced only after it was resolved.
    if (this.#isServed) this.#stream = Promise.withResolvers();
    if (stream !== undefined) this.#stream.resolve(stream);
    this.#isServed = stream !== undefined;
  }

  /** Allows more records to be sent. */
  release(records: number): void {
    this.#released += records;
    this.#wake.up();
  }

  /** Number of released records. */
  get released(): number {
    return this.#released;
  }

  /** Ends the sample after the released records. */
  finish(): void {
    this.#finished = true;
    this.#wake.up();
  }

  /** Gives up unacknowledged records, when the run is interrupted. */
  abandon(): void {
    this.#stop.abort();
    this.#stream.reject(new Error('The run was interrupted.'));
    this.#stream.promise.catch(() => {});
    this.#wake.up();
  }

  async *#records(seed: number): AsyncGenerator<SampleRecord> {
    let given = 0;
    for (const record of sampleRecords({ seed, records: Number.MAX_SAFE_INTEGER })) {
      while (given >= this.#released && !this.#finished && !this.#stop.signal.aborted) await this.#wake.sleep();
      if (given >= this.#released || this.#stop.signal.aborted) return;
      given += 1;
      this.sent.set(fingerprintOf(record.partitionKey, record.data), record);
      yield record;
    }
  }

  async #send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput> {
    const { client, streamName } = await this.#stream.promise;
    if (this.#stop.signal.aborted) throw new Error('The run was interrupted.');
    command.input.StreamName = streamName;
    try {
      return await client.send(command);
    } catch (error) {
      const problem = connectionProblem(error);
      if (problem?.includes('ECONNREFUSED')) this.refusedCalls += 1;
      if (problem !== undefined || error instanceof KinesisServiceException) throw error;
      // The runtime crashed within the call, which may have taken effect.
      throw Object.assign(new Error('The runtime crashed within a call.', { cause: error }), { code: 'ECONNRESET' });
    }
  }
}

/** A hash of partition key and data. */
export function fingerprintOf(partitionKey: string, data: Uint8Array): string {
  return createHash('sha256').update(`${partitionKey.length} ${partitionKey}`).update(data).digest('base64');
}
