const newline = 0x0a;
const carriageReturn = 0x0d;

/** A line of a text. */
export interface Line {
  /** From 1. */
  line: number;
  bytes: Buffer;
}

/**
 * The lines of a text without their line ends (`\n` or `\r\n`), blank ones left out. A line is cut after
 * `longestBytes`, which bounds memory even if the text has no line ends.
 */
export async function* lines(chunks: AsyncIterable<Buffer>, longestBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let line = 1;
  const keep = (part: Buffer): void => {
    const kept = part.subarray(0, longestBytes - bytes);
    bytes += kept.length;
    if (kept.length > 0) parts.push(kept);
  };
  const take = (): Buffer => {
    const whole = Buffer.concat(parts);
    parts = [];
    bytes = 0;
    return whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const whole = take();
      if (!isBlank(whole)) yield { line, bytes: whole };
      line += 1;
    }
    keep(chunk.subarray(start));
  }
  const last = take();
  if (!isBlank(last)) yield { line, bytes: last };
}

/** Spaces and tabs only. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === carriageReturn);
}
