/**
 * Lets one side of a queue wait for the other. A wake-up without a sleeper has no effect: before `sleep`, check in the
 * same turn of the event loop that there is nothing to do.
 */
export class Wake {
  #sleepers: (() => void)[] = [];

  /** Wakes all current sleepers. */
  up(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wake of sleepers) wake();
  }

  /** Resolves at the next {@link up}. */
  sleep(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.push(resolve));
  }
}
