import type { Clock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { longestSilenceMs } from '@tweet-pipes/producer/sources/twitter/connection';
import {
  openTwitterSource,
  type TwitterSource,
  type TwitterSourceOptions,
} from '@tweet-pipes/producer/sources/twitter/twitter';
import type { FakeX } from './fake-x-api.ts';

/**
 * A clock that records waits and ends them at once, except for the timeout of a silent connection: that passes by
 * `passSilence`.
 */
class RecordingClock implements Clock {
  readonly waitsMs: number[] = [];
  /** How often a wait for a chunk has begun. */
  listenings = 0;
  /** Called before a wait is over. */
  onWait: () => void = () => {};
  #nowMs = Date.parse('2026-08-01T00:00:00Z');
  readonly #silent = new Set<() => void>();

  now(): number {
    return this.#nowMs;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  get isListening(): boolean {
    return this.#silent.size > 0;
  }

  passSilence(): void {
    this.pass(longestSilenceMs);
    for (const wake of this.#silent) wake();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (ms !== longestSilenceMs) {
      this.waitsMs.push(ms);
      this.pass(ms);
      this.onWait();
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    this.listenings += 1;
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#silent.delete(wake);
        resolve();
      };
      this.#silent.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

/** A source on the fake X, with its clock and its notices. */
export class TwitterFixture {
  readonly clock = new RecordingClock();
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
