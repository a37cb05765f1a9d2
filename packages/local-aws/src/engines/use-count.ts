import { EngineError } from './engine.ts';

/** Tracks the running uses of a resource, so that it is closed after the last one. */
export class UseCount {
  readonly #running = new Set<Promise<unknown>>();
  #ended = false;

  /** Runs `work` as one use. Rejects with {@link EngineError} after {@link end}. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new EngineError('The engine is stopping.');
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Rejects new uses and resolves when the running ones have ended. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.allSettled(this.#running);
  }
}
