/**
 * Milliseconds that executions may keep the event loop: shorter than the engine needs for what is sent in a turn, so
 * that it always has work.
 */
const TURN_MS = 2;

/**
 * Turns of the event loop that executions share. Without them all iterations of a Map evaluate their arguments before
 * the first call is sent, and a batch that is read in one piece keeps all others waiting (docs/adr/0061).
 */
export class Turns {
  readonly #nowMs: () => number;
  #startMs = Number.NEGATIVE_INFINITY;

  /** `nowMs`: monotonic milliseconds. Default: the system's. */
  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Whether to wait for the next turn before more is evaluated. */
  get isOver(): boolean {
    return this.#nowMs() - this.#startMs >= TURN_MS;
  }

  /** Resolves when calls were sent and answers were read. The turn may be over again: others waited too. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.isOver) this.#startMs = this.#nowMs();
  }
}
