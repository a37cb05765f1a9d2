import type { Clock } from '@tweet-pipes/kit/clock';
import { Wake } from '@tweet-pipes/producer/wake';

/**
 * What feeds the runtimes of all rounds. It sends released records only, to the target of the current runtime, and
 * waits while there is none.
 */
export abstract class Feed<Target> {
  readonly #wake = new Wake();
  readonly #stop = new AbortController();
  #target = Promise.withResolvers<Target>();
  #isServed = false;
  #isFinished = false;
  #released = 0;

  /** Number of released records. */
  get released(): number {
    return this.#released;
  }

  /** Switches to this target; undefined makes senders wait for the next one. */
  use(target: Target | undefined): void {
    // Senders wait for the current promise, so it is replaced only after it was resolved.
    if (this.#isServed) this.#target = Promise.withResolvers();
    if (target !== undefined) this.#target.resolve(target);
    this.#isServed = target !== undefined;
  }

  /** Allows more records to be sent. */
  release(records: number): void {
    this.#released += records;
    this.#wake.up();
  }

  /** Ends the feed after the released records. */
  finish(): void {
    this.#isFinished = true;
    this.#wake.up();
  }

  /** Gives up unacknowledged records, when the run is interrupted. */
  abandon(): void {
    this.#stop.abort();
    this.#target.reject(new Error('The run was interrupted.'));
    this.#target.promise.catch(() => {});
    this.#wake.up();
  }

  /** Attempts without end, with waits that an abort ends. */
  protected persistently(clock: Clock) {
    const { signal } = this.#stop;
    return {
      signal,
      attempts: Number.MAX_SAFE_INTEGER,
      clock: { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms, signal) },
    };
  }

  /** Those of the records that are released, as they are. */
  protected async *whenReleased<R>(records: Iterable<R> | AsyncIterable<R>): AsyncGenerator<R> {
    let given = 0;
    for await (const record of records) {
      while (given >= this.#released && !this.#isFinished && !this.#stop.signal.aborted) await this.#wake.sleep();
      if (given >= this.#released || this.#stop.signal.aborted) return;
      given += 1;
      yield record;
    }
  }

  /** The target of the current runtime. Rejects after {@link abandon}. */
  protected async target(): Promise<Target> {
    const target = await this.#target.promise;
    if (this.#stop.signal.aborted) throw new Error('The run was interrupted.');
    return target;
  }
}

/** The runtime crashed within a call, which may have taken effect: an error of the connection, so it is repeated. */
export function crashedWithin(cause: unknown): Error {
  return Object.assign(new Error('The runtime crashed within a call.', { cause }), { code: 'ECONNRESET' });
}
