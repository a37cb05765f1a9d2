const code = (character: string): number => character.charCodeAt(0);
const [quote, backslash, comma, openBracket] = [code('"'), code('\\'), code(','), code('[')];
const follows = 'something other than an array follows after the end of its array';
const [opening, closing] = [new Set([code('['), code('{')]), new Set([code(']'), code('}')])];

/** Thrown after the last element if the array has no end or is followed by something else. */
class ArrayError extends Error {
  override readonly name = 'ArrayError';
}

/**
 * Streams the elements of a JSON array, or of several in a row, each as its bytes without surrounding white space. It
 * looks at strings and brackets only and does not validate elements. An element is cut after `longestBytes`. Throws
 * {@link ArrayError}.
 * @param chunks begin with the array's `[`; white space and a byte order mark before it are skipped.
 */
export async function* arrayElements(
  chunks: AsyncIterable<Uint8Array>,
  longestBytes: number,
): AsyncGenerator<Uint8Array> {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let isOver = false;
  let parts: Buffer[] = [];
  let bytes = 0;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, longestBytes - bytes);
    bytes += kept.length;
    if (kept.length > 0) parts.push(kept);
  };
  const take = (): Buffer => {
    const element = trimmed(Buffer.concat(parts));
    parts = [];
    bytes = 0;
    return element;
  };

  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let index = 0; index < buffer.length; index += 1) {
      const byte = buffer[index] ?? 0;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
      } else if (byte === quote) isInString = true;
      else if (opening.has(byte)) {
        if (depth === 0 && byte !== openBracket) throw new ArrayError(follows);
        isOver = false;
        depth += 1;
        if (depth === 1) start = index + 1;
      } else if (depth === 1 && (byte === comma || closing.has(byte))) {
        keep(buffer.subarray(start, index));
        start = index + 1;
        const element = take();
        // Empty in `[]` and after a trailing comma.
        if (element.length > 0) yield element;
        if (byte !== comma) {
          depth = 0;
          isOver = true;
        }
      } else if (closing.has(byte)) depth -= 1;
      else if (isOver && !isBlank(byte)) throw new ArrayError(follows);
    }
    if (!isOver && depth > 0) keep(buffer.subarray(start));
  }
  if (isOver) return;
  const last = take();
  if (last.length > 0) yield last;
  throw new ArrayError('it ends before its array does');
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function trimmed(element: Buffer): Buffer {
  let [start, end] = [0, element.length];
  while (start < end && isBlank(element[start] ?? 0)) start += 1;
  while (end > start && isBlank(element[end - 1] ?? 0)) end -= 1;
  return element.subarray(start, end);
}
