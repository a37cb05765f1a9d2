import type { Clock } from '@tweet-pipes/kit/clock';

/** An outage of this length is reported. A shorter one is a retry like any other. */
const REPORTED_AFTER_MS = 1_000;
/** After an abort, an outage may last this long before it is given up. */
const AFTER_ABORT_MS = 2_000;

/** Thrown when an outage is given up. The message says for how long the stream did not answer, and its last error. */
export class OutageGivenUp extends Error {
  override readonly name = 'OutageGivenUp';
}

export interface OutageOptions {
  /** What does not answer: `The stream`. */
  what: string;
  clock: Pick<Clock, 'now'>;
  /** How long an outage may last, in milliseconds; Infinity: without limit. */
  giveUpAfterMs: number;
  /** Once aborted, an outage is given up after two seconds at the latest. */
  signal?: AbortSignal | undefined;
  /** Called once per outage that lasts longer than a second, with its last error. */
  onOutage?: ((reason: string) => void) | undefined;
  /** Called at the end of an outage that was reported, with its length in milliseconds. */
  onOutageEnd?: ((lastedMs: number) => void) | undefined;
}

/** The time during which no call of a writer gets an answer, over all of its calls. */
export class Outage {
  readonly #options: OutageOptions;
  #sinceMs: number | undefined;
  #isReported = false;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** A call got no answer. Throws {@link OutageGivenUp} when the outage has lasted too long. */
  continues(reason: string): void {
    const { what, clock, onOutage, signal } = this.#options;
    this.#sinceMs ??= clock.now();
    const lastedMs = clock.now() - this.#sinceMs;
    if (this.leftMs <= 0) {
      const seconds = (lastedMs / 1000).toFixed(0);
      const when = signal?.aborted ? 'when the program was stopped' : `for ${seconds} s`;
      throw new OutageGivenUp(`${what} did not answer ${when}: ${reason}`);
    }
    if (lastedMs < REPORTED_AFTER_MS || this.#isReported) return;
    this.#isReported = true;
    onOutage?.(reason);
  }

  /** A call got an answer. */
  ends(): void {
    const { clock, onOutageEnd } = this.#options;
    if (this.#isReported && this.#sinceMs !== undefined) onOutageEnd?.(clock.now() - this.#sinceMs);
    this.#sinceMs = undefined;
    this.#isReported = false;
  }

  /** Milliseconds until the current outage, or one that begins now, is given up. Not positive: now. */
  get leftMs(): number {
    const { clock, giveUpAfterMs, signal } = this.#options;
    const limitMs = signal?.aborted ? Math.min(giveUpAfterMs, AFTER_ABORT_MS) : giveUpAfterMs;
    return limitMs - (this.#sinceMs === undefined ? 0 : clock.now() - this.#sinceMs);
  }
}
