import { createHash } from 'node:crypto';
import { KinesisServiceException, type PutRecordsCommand, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';

import { type Clock, systemClock } from '@tweet-pipes/kit/clock';
import { formatPosition } from '@tweet-pipes/kit/position';
import { seededRandom } from '@tweet-pipes/kit/random';
import { writeRecords } from '@tweet-pipes/producer/kinesis-writer';
import type { Landed, PutsRecords } from '@tweet-pipes/producer/put-batch';
import type { SampleRecord } from '@tweet-pipes/producer/sample/meaning';
import { sampleRecords } from '@tweet-pipes/producer/sample/sample';
import { Wake } from '@tweet-pipes/producer/wake';
import type { WriteSummary } from '@tweet-pipes/producer/write-error';

/** The stream of the runtime that answers now. */
export interface FedStream {
  client: PutsRecords;
  streamName: string;
}

/** A record that the stream acknowledged. */
export interface Acknowledged {
  position: string;
  fingerprint: string;
  /** An earlier attempt ended without a clear answer, so an unacknowledged copy may be in the stream too. */
  maybeTwice: boolean;
}

/**
 * Feeds one sample across all lives of the runtime, and repeats what was not acknowledged until it is. Records of a key
 * keep their order. As many records are fed as were released.
 */
export class Feeder {
  /** What was acknowledged, in the order of the answers. */
  readonly acknowledged: Acknowledged[] = [];
  /** What every record that was ever sent means, by {@link fingerprintOf}. */
  readonly sent = new Map<string, SampleRecord>();
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
      // The runtime's own answer is asked for each time; see #send.
      streamName: 'TweetPipes',
      // Waits between attempts end with the run.
      clock: { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, this.#stop.signal) },
      random: seededRandom(seed),
      recordsPerCall: 60,
      callsInFlight: 3,
      attempts: Number.MAX_SAFE_INTEGER,
      signal: this.#stop.signal,
      onLanded: (record, { shardId, sequenceNumber, maybeTwice }: Landed) => {
        const position = formatPosition(shardId, sequenceNumber);
        this.acknowledged.push({ position, fingerprint: fingerprintOf(record.partitionKey, record.data), maybeTwice });
      },
    });
    // Whoever waits for it hears of a failure; until then it is not unheard.
    this.done.catch(() => {});
  }

  /** From now on this stream is fed; undefined: none, and senders wait. */
  use(stream: FedStream | undefined): void {
    // Senders wait for the promise that there is: it is replaced only when nobody waits any more.
    if (this.#isServed) this.#stream = Promise.withResolvers();
    if (stream !== undefined) this.#stream.resolve(stream);
    this.#isServed = stream !== undefined;
  }

  /** Lets more records into the stream. */
  release(records: number): void {
    this.#released += records;
    this.#wake.up();
  }

  get released(): number {
    return this.#released;
  }

  /** No more than what was released. `done` resolves when that is acknowledged. */
  finish(): void {
    this.#finished = true;
    this.#wake.up();
  }

  /** Gives up what is not acknowledged, for runs that are interrupted. */
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
      if (error instanceof KinesisServiceException) throw error;
      // Whatever a dying runtime does to a connection: the call may have had its effect.
      throw Object.assign(new Error('The runtime ended within a call.', { cause: error }), { code: 'ECONNRESET' });
    }
  }
}

/** Equal for equal records. */
export function fingerprintOf(partitionKey: string, data: Uint8Array): string {
  return createHash('sha256').update(`${partitionKey.length} ${partitionKey}`).update(data).digest('base64');
}
