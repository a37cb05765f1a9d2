/** The started parts, to be stopped in reverse order. */
export class StopList {
  readonly #stops: { name: string; stop: () => unknown }[] = [];
  #isStopped = false;

  /** Adds a started part and returns it. One that started after {@link stopAll} is stopped at once, and this throws. */
  add<T>(name: string, started: T, stop: (started: T) => unknown): T {
    if (this.#isStopped) {
      Promise.resolve(stop(started)).catch(() => {}); // The start has failed already, with an error of its own.
      throw new Error(`${name} started after the start was given up.`);
    }
    this.#stops.push({ name, stop: () => stop(started) });
    return started;
  }

  /**
   * Stops every part, last started first. A failure does not keep the others running: errors are thrown after all were
   * stopped.
   */
  async stopAll(): Promise<void> {
    this.#isStopped = true;
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
