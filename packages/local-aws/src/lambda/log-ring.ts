/** The newest entries of a function's log, up to a number of characters. Older entries are dropped whole. */
export class LogRing {
  readonly #capacity: number;
  #entries: string[] = [];
  #characters = 0;

  constructor(capacityCharacters = 262_144) {
    this.#capacity = capacityCharacters;
  }

  add(entry: string): void {
    const kept = entry.slice(-this.#capacity);
    this.#entries.push(kept);
    this.#characters += kept.length;
    while (this.#characters > this.#capacity) this.#characters -= this.#entries.shift()?.length ?? 0;
  }

  toString(): string {
    return this.#entries.join('');
  }
}
