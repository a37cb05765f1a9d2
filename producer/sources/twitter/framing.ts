const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * The messages of X's stream: JSON objects that end with `\r\n`, and keep-alives, which are empty. They are split as
 * bytes, so that a character that spans two chunks stays intact. A message is cut after `longestBytes`. An incomplete
 * message at the end is dropped: `onTorn` gets its length.
 */
export async function* messages(
  chunks: AsyncIterable<Uint8Array>,
  longestBytes: number,
  onTorn: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let isAfterReturn = false;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, Math.max(0, longestBytes - bytes));
    if (kept.length > 0) parts.push(kept);
    bytes += kept.length;
  };
  const take = (): Buffer => {
    const message = Buffer.concat(parts);
    parts = [];
    bytes = 0;
    return message;
  };
  const dropTorn = (): void => {
    const torn = take();
    if (!isBlank(torn)) onTorn(torn.length);
  };

  try {
    for await (const chunk of chunks) {
      const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (buffer.length === 0) continue;
      let start = 0;
      if (isAfterReturn && buffer[0] === lineFeed) {
        const message = take();
        yield stripped(message.subarray(0, message.at(-1) === carriageReturn ? -1 : message.length));
        start = 1;
      }
      for (let end = buffer.indexOf('\r\n', start); end !== -1; end = buffer.indexOf('\r\n', start)) {
        keep(buffer.subarray(start, end));
        start = end + 2;
        yield stripped(take());
      }
      keep(buffer.subarray(start));
      isAfterReturn = start < buffer.length && buffer.at(-1) === carriageReturn;
    }
  } catch (error) {
    dropTorn();
    throw error;
  }
  dropTorn();
}

/** A message of white space only is empty. */
function stripped(message: Buffer): Buffer {
  return isBlank(message) ? message.subarray(0, 0) : message;
}

/** JSON's own white space only. */
function isBlank(message: Buffer): boolean {
  return message.every((byte) => byte === 0x20 || byte === 0x09 || byte === lineFeed || byte === carriageReturn);
}
