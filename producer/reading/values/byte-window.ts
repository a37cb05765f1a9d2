const smallestCapacity = 64 * 1024;

/**
 * The bytes of a stream that were read and not yet used. Positions count from the first of them. Slices stay valid:
 * bytes are never overwritten.
 */
export class ByteWindow {
  #backing: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Buffer): void {
    if (this.length === 0) {
      // Whoever wrote the chunk may write behind its end, so nothing is appended to it.
      this.#backing = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    const length = this.length + chunk.length;
    if (this.#end + chunk.length > this.#backing.length) {
      const backing = Buffer.allocUnsafeSlow(Math.max(smallestCapacity, 2 * length));
      this.#backing.copy(backing, 0, this.#start, this.#end);
      [this.#backing, this.#start, this.#end] = [backing, 0, this.length];
    }
    chunk.copy(this.#backing, this.#end);
    this.#end += chunk.length;
  }

  /** The byte at a position; -1 behind the end. */
  at(position: number): number {
    return position < this.length ? (this.#backing[this.#start + position] ?? -1) : -1;
  }

  /** The position of a byte from `from` on; -1 if it is not there. */
  indexOf(byte: number, from = 0): number {
    const found = this.#backing.indexOf(byte, this.#start + from);
    return found === -1 || found >= this.#end ? -1 : found - this.#start;
  }

  slice(from: number, to: number): Buffer {
    return this.#backing.subarray(this.#start + from, Math.min(this.#start + to, this.#end));
  }

  /** Gives up the first bytes. */
  drop(count: number): void {
    this.#start += count;
  }
}
