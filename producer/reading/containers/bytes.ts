/** A stream of bytes; no chunk is a string, and none is used after the next is asked for. */
export type Bytes = AsyncIterable<Buffer>;

/** The chunks of a stream as buffers, without copying. Text is taken for UTF-8. */
export async function* buffersOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield typeof chunk === 'string'
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/**
 * Reads ahead until `isEnough` holds for what was read, or the stream ends. Gives what was read, and the whole stream.
 * Whoever ends `bytes` early ends the stream.
 */
export async function peek(
  chunks: Bytes,
  isEnough: (head: Buffer) => boolean,
): Promise<{ head: Buffer; bytes: AsyncGenerator<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (!isEnough(head)) {
    const next = await iterator.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const bytes = rejoined(head, iterator);
  // A generator that was not started yet would end without its `finally`.
  await bytes.next();
  return { head, bytes };
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield Buffer.alloc(0);
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
