const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of a byte stream without their line ends (`\n` or `\r\n`). Blank lines and a leading byte order mark are
 * left out. Bytes are not decoded, so a line that is no UTF-8 stays intact. A line is cut after `longestBytes`, which
 * bounds memory even if the input has no line ends.
 */
export async function* lines(
  chunks: AsyncIterable<Uint8Array | string>,
  longestBytes: number,
): AsyncGenerator<Uint8Array> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let isFirst = true;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, longestBytes - bytes);
    bytes += kept.length;
    if (kept.length > 0) parts.push(kept);
  };
  const take = (): Buffer => {
    let line = Buffer.concat(parts);
    parts = [];
    bytes = 0;
    if (isFirst && line.subarray(0, 3).equals(byteOrderMark)) line = line.subarray(3);
    isFirst = false;
    return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
  };

  for await (const chunk of chunks) {
    const buffer =
      typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(newline); end !== -1; end = buffer.indexOf(newline, start)) {
      keep(buffer.subarray(start, end));
      start = end + 1;
      const line = take();
      if (!isBlank(line)) yield line;
    }
    keep(buffer.subarray(start));
  }
  const last = take();
  if (!isBlank(last)) yield last;
}

/** Spaces and tabs only. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === carriageReturn);
}
