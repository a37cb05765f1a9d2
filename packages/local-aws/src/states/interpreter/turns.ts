/**
 * Milliseconds that executions may keep the event loop: shorter than the engine needs for what is sent in a turn, so
 * that it always has work.
 */
const TURN_MS = 2;
/**
 * Turns of the event loop that the calls of a turn need until the engine has them: to the endpoint, into a group, out
 * with the group.
 */
const SENDING_TURNS = 3;

/**
 * Turns of the event loop that executions share. Without them all iterations of a Map evaluate their arguments before
 * the first call is sent, and a batch that is read in one piece keeps all others waiting (docs/adr/0061).
 */
export class Turns {
  readonly #nowMs: () => number;
  #startMs = Number.NEGATIVE_INFINITY;
  #next: Promise<void> | undefined;
  #waiting = 0;

  /** `nowMs`: monotonic milliseconds. Default: the system's. */
  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Whether to wait for the next turn before more is evaluated. */
  get isOver(): boolean {
    return this.#nowMs() - this.#startMs >= TURN_MS;
  }

  /** Resolves when calls were sent and answers were read. The turn may be over again: others waited too. */
  next(): Promise<void> {
    this.#waiting += 1;
    this.#next ??= this.#begin();
    return this.#next;
  }

  /** One that waits alone has no calls of its own that are still to be sent. */
  async #begin(): Promise<void> {
    for (let turn = 0; turn === 0 || (turn < SENDING_TURNS && this.#waiting > 1); turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#startMs = this.#nowMs();
    this.#waiting = 0;
    this.#next = undefined;
  }
}
