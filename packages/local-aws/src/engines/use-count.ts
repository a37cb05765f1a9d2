import { EngineError } from './engine.ts';

/** Counts who is using something that must not be closed under them. */
export class UseCount {
  readonly #running = new Set<Promise<unknown>>();
  #ended = false;

  /** Runs `work` as a user. Rejects with {@link EngineError} after {@link end}. */
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

  /** Lets nobody in any more and resolves when the last user has left. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.allSettled(this.#running);
  }
}
