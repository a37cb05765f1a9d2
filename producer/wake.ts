/**
 * Lets one side of a queue wait for the other. There is no memory: whoever sleeps must have checked in the same turn
 * that there is nothing to do.
 */
export class Wake {
  #sleepers: (() => void)[] = [];

  /** Wakes everybody who sleeps now. */
  up(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wake of sleepers) wake();
  }

  sleep(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.push(resolve));
  }
}
