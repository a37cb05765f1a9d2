import { thousands } from '@tweet-pipes/kit/wording';

/** A file that is packed this many times smaller than what came out of it so far is not read on. */
const largestRatio = 1_000;
/** Below, the ratio is not looked at: a small file of equal lines packs well. */
const freeBytes = 64 * 1024 ** 2;

/** Thrown where a file expands beyond its bound. */
class ExpansionError extends Error {
  override readonly name = 'ExpansionError';

  constructor() {
    super(`it unpacks to more than ${thousands(largestRatio)} times its size, as an archive bomb does`);
  }
}

/**
 * Bounds what one file may unpack to, over all containers inside each other and all their members. Tweets pack 10 to 50
 * times.
 */
export class Expansion {
  readonly #packedBytes: () => number;
  #unpackedBytes = 0;

  /** @param packedBytes the size of the file, or what was read of it so far. */
  constructor(packedBytes: () => number) {
    this.#packedBytes = packedBytes;
  }

  get isExceeded(): boolean {
    return this.#unpackedBytes > Math.max(freeBytes, largestRatio * this.#packedBytes());
  }

  /** The same bytes, counted as unpacked. Throws {@link ExpansionError}. */
  async *bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#unpackedBytes += chunk.length;
      if (this.isExceeded) throw new ExpansionError();
      yield chunk;
    }
  }
}
