import type { StreamRecord } from '@tweet-pipes/producer/record';
import {
  type BlueskySource,
  type BlueskySourceOptions,
  openBlueskySource,
} from '@tweet-pipes/producer/sources/bluesky/bluesky';
import { longestSilenceMs } from '@tweet-pipes/producer/sources/bluesky/connection';
import { until } from '../../../../packages/kit/test/until.ts';
import { RecordingClock } from '../recording-clock.ts';
import type { FakeJetstream } from './fake-jetstream.ts';

/** A source on fake instances of Jetstream, with its clock and its notices. Waits have their full length. */
export class BlueskyFixture {
  readonly clock = new RecordingClock(longestSilenceMs);
  readonly notices: string[] = [];
  readonly connected: string[] = [];
  readonly stop = new AbortController();
  readonly #options: Partial<BlueskySourceOptions>;
  readonly #endpoints: readonly string[];
  #source: BlueskySource | undefined;
  #records: AsyncIterator<StreamRecord> | undefined;

  constructor(endpoints: readonly string[], options: Partial<BlueskySourceOptions> = {}) {
    this.#endpoints = endpoints;
    this.#options = options;
  }

  async open(): Promise<BlueskySource> {
    this.#source ??= await openBlueskySource({
      endpoints: this.#endpoints,
      keywords: [],
      langs: [],
      clock: this.clock,
      random: { next: () => 1, uuid: () => '' },
      onConnected: (host) => this.connected.push(host),
      notice: (line) => this.notices.push(line),
      ...this.#options,
    });
    return this.#source;
  }

  /** The next record; undefined at the end. */
  async next(): Promise<StreamRecord | undefined> {
    this.#records ??= (await this.open()).records(this.stop.signal)[Symbol.asyncIterator]();
    const { value, done } = await this.#records.next();
    return done ? undefined : value;
  }

  /** The next records, as JSON. */
  async values(count: number): Promise<unknown[]> {
    const values: unknown[] = [];
    while (values.length < count) {
      const record = await this.next();
      if (record === undefined) break;
      values.push(JSON.parse(Buffer.from(record.data).toString()));
    }
    return values;
  }

  /** The ids of the next records, each of which is settled at once. */
  async ids(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const record = await this.next();
      if (record === undefined) break;
      record.onSettled?.('sent');
      ids.push(record.partitionKey);
    }
    return ids;
  }

  /** Starts to read, and resolves when there is another connection. */
  async reading(jetstream: FakeJetstream, count = 1): Promise<{ ids: Promise<string[]> }> {
    const { length } = jetstream.connections;
    const ids = this.ids(count);
    await until(() => jetstream.connections.length > length);
    return { ids };
  }

  /** Ends it as a killed process would: nothing more is written. */
  kill(): void {
    this.stop.abort();
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.#source?.close();
  }
}
