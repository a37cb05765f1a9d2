import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Bytes } from './bytes.ts';

/** Output comes in chunks of this size. */
const chunkSize = 64 * 1024;

/** The unpacked bytes of gzip, also of several members after each other. Throws zlib's errors. */
export function gunzipped(chunks: Bytes): AsyncGenerator<Buffer> {
  return unpacked(chunks, () => createGunzip({ chunkSize }));
}

/** The same for zstandard and its frames, except that it needs up to 128 MiB. */
export function unzstd(chunks: Bytes): AsyncGenerator<Buffer> {
  return unpacked(chunks, () => createZstdDecompress({ chunkSize }));
}

type Engine = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/**
 * One of Node's engines ends without an error where more follows in the same chunk that it does not take: another frame
 * of zstandard, or anything after the zeros that pad gzip. What it left is given to a new engine.
 */
async function* unpacked(chunks: Bytes, create: () => Engine): AsyncGenerator<Buffer> {
  const input = chunks[Symbol.asyncIterator]();
  try {
    for (let left = await filled(input); left.length > 0; ) {
      const engine = create();
      const feeding = feed(engine, left, input);
      // Its error comes out of the engine.
      feeding.catch(() => {});
      try {
        yield* engine;
      } finally {
        engine.destroy();
      }
      left = await withoutZeros(await feeding, input);
    }
  } finally {
    // Not awaited: the input may be waiting for more of a live stream.
    void input.return?.();
  }
}

/** Gives the engine the bytes and the whole input, or as much as it takes. Resolves to what it left of a chunk. */
async function feed(engine: Engine, bytes: Buffer, input: AsyncIterator<Buffer>): Promise<Buffer> {
  try {
    for (let chunk = bytes; chunk.length > 0; chunk = await filled(input)) {
      const before = engine.bytesWritten;
      await new Promise<void>((resolve, reject) => {
        engine.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
      const taken = engine.bytesWritten - before;
      if (taken < chunk.length) return chunk.subarray(taken);
    }
    engine.end();
    return Buffer.alloc(0);
  } catch (error) {
    engine.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** The next chunk that is not empty; an empty one at the end. */
async function filled(input: AsyncIterator<Buffer>): Promise<Buffer> {
  for (;;) {
    const next = await input.next();
    if (next.done) return Buffer.alloc(0);
    if (next.value.length > 0) return next.value;
  }
}

async function withoutZeros(bytes: Buffer, input: AsyncIterator<Buffer>): Promise<Buffer> {
  for (let left = bytes; left.length > 0; left = await filled(input)) {
    const start = left.findIndex((byte) => byte !== 0);
    if (start !== -1) return left.subarray(start);
  }
  return Buffer.alloc(0);
}
