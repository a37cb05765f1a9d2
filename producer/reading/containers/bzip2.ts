import type { Bytes } from './bytes.ts';

/** Thrown where bytes are no bzip2, are damaged, or end early. */
class Bzip2Error extends Error {
  override readonly name = 'Bzip2Error';
}

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;
/** Symbols between two selections of a table. */
const groupSize = 50;
const longestCode = 20;
/** Codes up to this length are looked up in one step. */
const quickBits = 10;
const outputBytes = 64 * 1024;

/**
 * The unpacked bytes of bzip2, also of several streams after each other. Blocks are decoded one by one: memory is that
 * of one block (4 MB) and of its packed bytes. Sums are checked, so damage is found at the end of its block at the
 * latest. Throws {@link Bzip2Error}. ADR 0038 says why no library does this.
 */
export async function* bunzipped(chunks: Bytes): AsyncGenerator<Buffer> {
  const bits = new BitReader();
  const input = chunks[Symbol.asyncIterator]();
  let isEnd = false;
  const fill = async (bytes: number): Promise<void> => {
    const read: Buffer[] = [];
    for (let left = bytes - bits.available; !isEnd && left > 0; ) {
      const next = await input.next();
      if (next.done) isEnd = true;
      else {
        read.push(next.value);
        left -= next.value.length;
      }
    }
    bits.append(read);
  };
  try {
    for (let isFirst = true; ; isFirst = false) {
      await fill(4);
      if (!isFirst && bits.available === 0) return;
      const level = readLevel(bits, isFirst);
      const block = new Block(level * 100_000);
      let sum = 0;
      for (;;) {
        // A code has 20 bits at most; tables and selectors take less than 32 KiB.
        await fill(32 * 1024 + (level * 100_000 * longestCode) / 8);
        const magic = bits.read(24) * 2 ** 24 + bits.read(24);
        if (magic === endMagic) break;
        if (magic !== blockMagic) throw new Bzip2Error('it is damaged: a block is expected and something else found');
        const expected = bits.read(32);
        block.decode(bits);
        yield* block.output(expected);
        sum = (((sum << 1) | (sum >>> 31)) ^ expected) >>> 0;
      }
      if (bits.read(32) !== sum) throw new Bzip2Error('it is damaged: its sum is wrong');
      bits.alignToByte();
    }
  } finally {
    await input.return?.();
  }
}

function readLevel(bits: BitReader, isFirst: boolean): number {
  const [magic, level] = bits.available < 4 ? [0, 0] : [bits.read(24), bits.read(8) - 0x30];
  if (magic === 0x425a68 && level >= 1 && level <= 9) return level;
  throw new Bzip2Error(isFirst ? 'it is no bzip2' : 'something other than bzip2 follows after its end');
}

/** Reads numbers of bits, the most significant first. */
class BitReader {
  #bytes = Buffer.alloc(0);
  #at = 0;
  /** The last `#count` bits of `#bits` are read from the bytes and not given out. */
  #bits = 0;
  #count = 0;

  append(chunks: readonly Buffer[]): void {
    if (chunks.length === 0) return;
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), ...chunks]);
    this.#at = 0;
  }

  /** Bytes that are left, a begun one aside. */
  get available(): number {
    return this.#bytes.length - this.#at + (this.#count >>> 3);
  }

  /** @param count 1-32 bits. */
  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 0x10000 + this.read(16);
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** The next bits, zeros behind the end. @param count 1-24 bits. */
  peek(count: number): number {
    while (this.#count < count) {
      this.#bits = ((this.#bits << 8) | (this.#bytes[this.#at] ?? 0)) & 0xffffffff;
      this.#at += 1;
      this.#count += 8;
    }
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** Gives up bits that were peeked at. */
  skip(count: number): void {
    this.#count -= count;
    if (this.#at - (this.#count >>> 3) > this.#bytes.length) throw new Bzip2Error('it ends early');
  }

  alignToByte(): void {
    this.#count -= this.#count % 8;
  }
}

/** Decodes Huffman codes. */
class CodeTable {
  /** By the next bits: the length of the code that they begin with, and its symbol; 0 if the code is longer. */
  readonly #quick = new Uint16Array(1 << quickBits);
  /** By length: the first code that is too large for it, aligned to the longest length. */
  readonly #limits = new Float64Array(longestCode + 2);
  readonly #firstCodes = new Uint32Array(longestCode + 2);
  readonly #firstIndexes = new Uint16Array(longestCode + 2);
  readonly #symbols: Uint16Array;

  /** @param lengths of the codes by symbol, 1-20 bits each. */
  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let [code, index] = [0, 0];
    for (let length = 1; length <= longestCode; length += 1) {
      this.#firstCodes[length] = code;
      this.#firstIndexes[length] = index;
      for (let symbol = 0; symbol < lengths.length; symbol += 1) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[index] = symbol;
        index += 1;
        if (length <= quickBits) {
          const from = code << (quickBits - length);
          this.#quick.fill((length << 12) | symbol, from, from + (1 << (quickBits - length)));
        }
        code += 1;
      }
      this.#limits[length] = code * 2 ** (longestCode - length);
      code *= 2;
    }
  }

  read(bits: BitReader): number {
    const quick = this.#quick[bits.peek(quickBits)] ?? 0;
    if (quick !== 0) {
      bits.skip(quick >>> 12);
      return quick & 0xfff;
    }
    const next = bits.peek(longestCode);
    for (let length = quickBits + 1; length <= longestCode; length += 1) {
      if (next >= (this.#limits[length] ?? 0)) continue;
      bits.skip(length);
      const code = next >>> (longestCode - length);
      return this.#symbols[(this.#firstIndexes[length] ?? 0) + code - (this.#firstCodes[length] ?? 0)] ?? 0;
    }
    throw new Bzip2Error('it is damaged: there is no such code');
  }
}

/** One block: up to 900,000 bytes, in which longer runs are shortened, reordered by Burrows-Wheeler transformation. */
class Block {
  readonly #capacity: number;
  /** Low 8 bits: the bytes, sorted as the transformation left them; the others: where the next byte is. */
  readonly #cells: Uint32Array;
  #length = 0;
  #origin = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#cells = new Uint32Array(capacity);
  }

  /** Reads the block behind its magic number and its sum. */
  decode(bits: BitReader): void {
    if (bits.read(1) === 1) throw new Bzip2Error('it was written by a version of bzip2 before 0.9.5');
    this.#origin = bits.read(24);
    const bytes = readUsedBytes(bits);
    const groups = bits.read(3);
    if (groups < 2 || groups > 6) throw new Bzip2Error('it is damaged: the number of tables is wrong');
    const selectors = readSelectors(bits, groups);
    const tables = Array.from({ length: groups }, () => new CodeTable(readLengths(bits, bytes.length + 2)));
    this.#length = this.#fill(bits, bytes, () => {
      const table = tables[selectors.next().value ?? -1];
      if (table === undefined) throw new Bzip2Error('it is damaged: a block has no end');
      return table;
    });
    if (this.#origin >= this.#length) throw new Bzip2Error('it is damaged: the origin of a block is outside of it');
  }

  /** Undoes Huffman coding, run lengths and move-to-front. Returns the number of bytes. */
  #fill(bits: BitReader, bytes: Uint8Array, nextTable: () => CodeTable): number {
    const [cells, end] = [this.#cells, bytes.length + 1];
    // The bytes that were seen last come first.
    const recent = bytes;
    let [length, run, runBit] = [0, 0, 1];
    for (;;) {
      const table = nextTable();
      for (let left = groupSize; left > 0; left -= 1) {
        const symbol = table.read(bits);
        // 0 and 1 are the digits of a run's length, in a numeral system whose digits are 1 and 2.
        if (symbol <= 1) {
          run += runBit << symbol;
          runBit *= 2;
          if (run > this.#capacity) throw new Bzip2Error('it is damaged: a run is too long');
          continue;
        }
        if (run > 0) {
          if (length + run > this.#capacity) throw new Bzip2Error('it is damaged: a block is too long');
          cells.fill(recent[0] ?? 0, length, length + run);
          length += run;
          [run, runBit] = [0, 1];
        }
        if (symbol === end) return length;
        if (length === this.#capacity) throw new Bzip2Error('it is damaged: a block is too long');
        const byte = recent[symbol - 1] ?? 0;
        recent.copyWithin(1, 0, symbol - 1);
        recent[0] = byte;
        cells[length] = byte;
        length += 1;
      }
    }
  }

  /** The bytes of the block in their order, runs restored. Throws when their sum is not the expected one. */
  *output(expectedSum: number): Generator<Buffer> {
    const [cells, length] = [this.#cells, this.#length];
    const starts = new Uint32Array(257);
    for (let index = 0; index < length; index += 1) {
      const byte = (cells[index] ?? 0) & 0xff;
      starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
    }
    for (let byte = 0; byte < 256; byte += 1) starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0);
    for (let index = 0; index < length; index += 1) {
      const byte = (cells[index] ?? 0) & 0xff;
      const place = starts[byte] ?? 0;
      starts[byte] = place + 1;
      cells[place] = (cells[place] ?? 0) | (index << 8);
    }
    let cell = cells[(cells[this.#origin] ?? 0) >>> 8] ?? 0;
    let sum = -1;
    let previous = -1;
    let equal = 0;
    let filled = 0;
    let buffer = Buffer.allocUnsafe(outputBytes + 256);
    for (let index = 0; index < length; index += 1) {
      const byte = cell & 0xff;
      cell = cells[cell >>> 8] ?? 0;
      if (equal === 4) {
        // Four equal bytes are followed by the number of more of them.
        for (let copy = 0; copy < byte; copy += 1) sum = (sum << 8) ^ (sumTable[(sum >>> 24) ^ previous] ?? 0);
        buffer.fill(previous, filled, filled + byte);
        filled += byte;
        equal = 0;
        previous = -1;
      } else {
        sum = (sum << 8) ^ (sumTable[(sum >>> 24) ^ byte] ?? 0);
        buffer[filled] = byte;
        filled += 1;
        equal = byte === previous ? equal + 1 : 1;
        previous = byte;
      }
      if (filled >= outputBytes) {
        yield buffer.subarray(0, filled);
        buffer = Buffer.allocUnsafe(outputBytes + 256);
        filled = 0;
      }
    }
    if (filled > 0) yield buffer.subarray(0, filled);
    if (~sum >>> 0 !== expectedSum) throw new Bzip2Error('it is damaged: the sum of a block is wrong');
  }
}

/** The byte values that occur, as one bit for each 16 of them and then one for each. */
function readUsedBytes(bits: BitReader): Uint8Array {
  const used: number[] = [];
  const ranges = bits.read(16);
  for (let range = 0; range < 16; range += 1) {
    if (((ranges >>> (15 - range)) & 1) === 0) continue;
    const values = bits.read(16);
    for (let value = 0; value < 16; value += 1) if ((values >>> (15 - value)) & 1) used.push(range * 16 + value);
  }
  if (used.length === 0) throw new Bzip2Error('it is damaged: a block uses no byte');
  return Uint8Array.from(used);
}

/** Which table decodes which group of symbols: move-to-front indexes in unary numbers. */
function readSelectors(bits: BitReader, groups: number): Iterator<number> {
  const recent = Array.from({ length: groups }, (_, group) => group);
  const selectors: number[] = [];
  for (let left = bits.read(15); left > 0; left -= 1) {
    let place = 0;
    while (bits.read(1) === 1) place += 1;
    const [group] = recent.splice(place, 1);
    if (group === undefined) throw new Bzip2Error('it is damaged: there is no such table');
    recent.unshift(group);
    selectors.push(group);
  }
  return selectors.values();
}

/** The lengths of the codes, each as the difference to the one before. */
function readLengths(bits: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > longestCode) throw new Bzip2Error('it is damaged: a code is too long');
    lengths[symbol] = length;
  }
  return lengths;
}

/** CRC-32 with the most significant bit first, polynomial 0x04c11db7. */
const sumTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});
