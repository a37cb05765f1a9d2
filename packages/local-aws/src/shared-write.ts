/** Writes the current state of something, one write at a time. Changes during a write share the next one. */
export class SharedWrite {
  readonly #write: () => Promise<void>;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when all changes so far are written. Throws the errors of the write, which a later call tries again. */
  save(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }
}
