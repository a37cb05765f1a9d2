/**
 * The writes to all sources of a kind. A pipe that has read everything waits for the next one, so that an idle runtime
 * need not read again and again.
 */
export class SourceWrites {
  /** Resolves when readers may begin. A start has no time for them before its stacks are there. */
  readonly mayBeRead: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #count = 0;

  constructor(mayBeRead: Promise<void> = Promise.resolve()) {
    this.mayBeRead = mayBeRead;
  }

  /** Number of writes so far. */
  get count(): number {
    return this.#count;
  }

  /** Something may have been written, and can be read. */
  note(): void {
    this.#count += 1;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Calls `wake` once, at the next write. Returns how to call that off. */
  onNext(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}
