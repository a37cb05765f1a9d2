/** What has been started and is to be stopped in reverse. */
export class StopList {
  readonly #stops: { name: string; stop: () => unknown }[] = [];

  /** Remembers how to stop what has just started, and gives it back. */
  add<T>(name: string, started: T, stop: (started: T) => unknown): T {
    this.#stops.push({ name, stop: () => stop(started) });
    return started;
  }

  /**
   * Stops everything, last started first; one that fails does not keep the others running. Throws then, when all were
   * tried.
   */
  async stopAll(): Promise<void> {
    const failures: Error[] = [];
    for (let last = this.#stops.pop(); last !== undefined; last = this.#stops.pop()) {
      const { name, stop } = last;
      try {
        await stop();
      } catch (cause) {
        failures.push(new Error(`${name} did not stop: ${cause instanceof Error ? cause.message : cause}`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
  }
}
