import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Thrown when the bytes are compressed in a way that only another program reads. The message names it. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
}

/** What is not read here, by its first bytes, and what reads it. */
const others: readonly { name: string; magic: readonly number[]; reader: string }[] = [
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], reader: 'bzcat' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], reader: 'xzcat' },
  { name: 'zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd], reader: 'zstdcat' },
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], reader: 'unzip -p' },
];
const gzip = [0x1f, 0x8b];
const longestMagic = 5;

/**
 * The bytes of a stream, gunzipped when it begins as gzip does, whatever it is called. Throws {@link CompressionError}
 * for other kinds.
 */
export async function* uncompressed(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  const iterator = bytesOf(chunks);
  let head = Buffer.alloc(0);
  while (head.length < longestMagic) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const other = others.find(({ magic }) => beginsWith(head, magic));
  if (other !== undefined) {
    throw new CompressionError(
      `it is compressed with ${other.name}; use \`${other.reader} <file> | tweet-pipes produce file -\``,
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
