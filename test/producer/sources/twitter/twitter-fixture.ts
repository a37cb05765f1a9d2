import { systemRandom } from '@tweet-pipes/kit/random';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { longestSilenceMs } from '@tweet-pipes/producer/sources/twitter/connection';
import {
  openTwitterSource,
  type TwitterSource,
  type TwitterSourceOptions,
} from '@tweet-pipes/producer/sources/twitter/twitter';
import { RecordingClock } from '../recording-clock.ts';
import type { FakeX } from './fake-x-api.ts';

/** A source on the fake X, with its clock and its notices. */
export class TwitterFixture {
  readonly clock = new RecordingClock(longestSilenceMs);
  readonly notices: string[] = [];
  readonly stop = new AbortController();
  readonly #x: FakeX;
  readonly #options: Partial<TwitterSourceOptions>;
  #source: TwitterSource | undefined;
  #records: AsyncIterator<StreamRecord> | undefined;

  constructor(x: FakeX, options: Partial<TwitterSourceOptions> = {}) {
    this.#x = x;
    this.#options = options;
  }

  async open(): Promise<TwitterSource> {
    this.#source = await openTwitterSource({
      credentials: { kind: 'bearer', token: this.#x.bearer },
      endpoint: this.#x.endpoint,
      keywords: ['cats'],
      clock: this.clock,
      random: systemRandom,
      signal: this.stop.signal,
      notice: (line) => this.notices.push(line),
      onConnected: () => this.notices.push('Connected.'),
      ...this.#options,
    });
    return this.#source;
  }

  /** The next record as text, or undefined at the end. */
  async next(): Promise<string | undefined> {
    this.#records ??= (this.#source ?? (await this.open())).records(this.stop.signal)[Symbol.asyncIterator]();
    const { value, done } = await this.#records.next();
    return done ? undefined : Buffer.from(value.data).toString();
  }

  async ids(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) ids.push(JSON.parse((await this.next()) ?? '{"data":{"id":"end"}}').data.id);
    return ids;
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.#source?.close();
  }
}
