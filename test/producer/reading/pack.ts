import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';

/** A file in a container. */
export interface Entry {
  name: string;
  content: Buffer;
}

/** A tar archive. A type is that of the format; a member of type `L` or `x` tells about the next one. */
export function tar(entries: readonly (Entry & { type?: string })[]): Buffer {
  const blocks = entries.flatMap(({ name, content, type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(`0000644\0${'0000000\0'.repeat(2)}${content.length.toString(8).padStart(11, '0')}\0`, 100);
    header.write(`00000000000\0${' '.repeat(8)}${type}`, 136);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A zip archive of files, all deflated. @param flags of each; 1 says that it is encrypted. */
export function zip(entries: readonly Entry[], { flags = 0, method = 8 } = {}): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : method === 93 ? zstdCompressSync(content) : content;
    const fileName = Buffer.from(name);
    // From "version needed" to the length of the extra field; both headers have these.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(fileName.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, fileName, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, rest, fileName);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

/**
 * A bzip2 stream of one block, or none without content. All codes have nine bits. Rotations are sorted one by one, so
 * the content must be small.
 */
export function bzip2(content: Buffer): Buffer {
  const bits = new BitWriter();
  for (const byte of Buffer.from('BZh9')) bits.write(byte, 8);
  const sum = content.length === 0 ? 0 : writeBlock(bits, content);
  for (const part of [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]) bits.write(part, 8);
  bits.write(sum >>> 16, 16);
  bits.write(sum & 0xffff, 16);
  return bits.bytes();
}

function writeBlock(bits: BitWriter, content: Buffer): number {
  const short = withShortRuns(content);
  const doubled = Buffer.concat([short, short]);
  const rotation = (index: number) => doubled.subarray(index, index + short.length);
  const order = Array.from(short.keys()).sort((a, b) => Buffer.compare(rotation(a), rotation(b)));
  const last = order.map((start) => doubled[start + short.length - 1] ?? 0);
  const used = [...new Set(short)].sort((a, b) => a - b);
  const symbols = [...moveToFront(last, [...used]), used.length + 1];
  const sum = sumOf(content);
  for (const part of [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) bits.write(part, 8);
  bits.write(sum >>> 16, 16);
  bits.write(sum & 0xffff, 16);
  bits.write(0, 1);
  bits.write(order.indexOf(0), 24);
  const ranges = Array.from({ length: 16 }, (_, range) => used.filter((byte) => byte >> 4 === range));
  for (const range of ranges) bits.write(range.length > 0 ? 1 : 0, 1);
  for (const range of ranges.filter(({ length }) => length > 0)) {
    for (let low = 0; low < 16; low += 1) bits.write(range.some((byte) => (byte & 15) === low) ? 1 : 0, 1);
  }
  bits.write(2, 3);
  const groups = Math.ceil(symbols.length / 50);
  bits.write(groups, 15);
  for (let group = 0; group < groups; group += 1) bits.write(0, 1);
  for (let table = 0; table < 2; table += 1) {
    bits.write(9, 5);
    for (let symbol = 0; symbol < used.length + 2; symbol += 1) bits.write(0, 1);
  }
  for (const symbol of symbols) bits.write(symbol, 9);
  return sum;
}

/** Four equal bytes are followed by the number of more of them. */
function withShortRuns(content: Buffer): Buffer {
  const bytes: number[] = [];
  for (let start = 0; start < content.length; ) {
    let length = 1;
    while (length < 259 && content[start + length] === content[start]) length += 1;
    for (let copy = 0; copy < Math.min(4, length); copy += 1) bytes.push(content[start] ?? 0);
    if (length >= 4) bytes.push(length - 4);
    start += length;
  }
  return Buffer.from(bytes);
}

/** Places in a list of recent bytes; runs of place 0 in digits 1 and 2, which are the symbols 0 and 1. */
function moveToFront(bytes: readonly number[], recent: number[]): number[] {
  const symbols: number[] = [];
  let zeros = 0;
  const endRun = () => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push((zeros & 1) === 1 ? 0 : 1);
  };
  for (const byte of bytes) {
    const place = recent.indexOf(byte);
    recent.unshift(...recent.splice(place, 1));
    if (place === 0) zeros += 1;
    else {
      endRun();
      symbols.push(place + 1);
    }
  }
  endRun();
  return symbols;
}

function sumOf(content: Buffer): number {
  let sum = -1;
  for (const byte of content) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return ~sum >>> 0;
}

class BitWriter {
  readonly #bits: number[] = [];

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.#bits.push((value >>> bit) & 1);
  }

  bytes(): Buffer {
    while (this.#bits.length % 8 !== 0) this.#bits.push(0);
    return Buffer.from(
      Array.from({ length: this.#bits.length / 8 }, (_, byte) =>
        this.#bits.slice(byte * 8, byte * 8 + 8).reduce((value, bit) => value * 2 + bit, 0),
      ),
    );
  }
}

/** Ways to pack one file, by name. */
export const packings: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  plain: (content) => content,
  gzip: (content) => gzipSync(content),
  zstd: (content) => zstdCompressSync(content),
  bzip2,
  tar: (content) => tar([{ name: 'a/b.json', content }]),
  zip: (content) => zip([{ name: 'b.json', content }]),
  'tar.gz of .bz2': (content) => gzipSync(tar([{ name: '00.json.bz2', content: bzip2(content) }])),
};
