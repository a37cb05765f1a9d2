import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Thrown for a compression that is not supported. The message names a program that can decompress it. */
class CompressionError extends Error {
  override readonly name = 'CompressionError';
}

/** Formats that are not supported, by their first bytes, with a program that decompresses them. */
const unsupported: readonly { name: string; magic: readonly number[]; reader: string }[] = [
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], reader: 'bzcat' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], reader: 'xzcat' },
  { name: 'zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd], reader: 'zstdcat' },
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], reader: 'unzip -p' },
];
const gzip = [0x1f, 0x8b];
const longestMagic = 5;

/**
 * The bytes of a stream, decompressed if its first bytes are those of gzip. Throws {@link CompressionError} for other
 * formats.
 */
export async function* uncompressed(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  const iterator = bytesOf(chunks);
  let head = Buffer.alloc(0);
  while (head.length < longestMagic) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const format = unsupported.find(({ magic }) => beginsWith(head, magic));
  if (format !== undefined) {
    throw new CompressionError(
      `it is compressed with ${format.name}; use \`${format.reader} <file> | tweet-pipes produce file -\``,
    );
  }
  const whole = (async function* () {
    if (head.length > 0) yield head;
    yield* iterator;
  })();
  if (!beginsWith(head, gzip)) {
    yield* whole;
    return;
  }
  const compressed = Readable.from(whole, { objectMode: false });
  const gunzip = createGunzip();
  compressed.on('error', (error) => gunzip.destroy(error));
  try {
    yield* compressed.pipe(gunzip);
  } finally {
    compressed.destroy();
    gunzip.destroy();
  }
}

async function* bytesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield typeof chunk === 'string'
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

function beginsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
