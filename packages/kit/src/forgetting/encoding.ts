import { gunzipSync, gzipSync } from 'node:zlib';

/** Whether a file is gzipped, by its first bytes: the names of Firehose's error files do not say it. */
function isGzip(body: Buffer): boolean {
  return body.length > 2 && body[0] === 0x1f && body[1] === 0x8b;
}

/** Whether a file is Parquet, by its first bytes. */
export function isParquet(body: Buffer): boolean {
  return body.subarray(0, 4).toString('latin1') === 'PAR1';
}

/** The lines of a text file, gzipped or not, each with its newline if it has one. */
export function* linesIn(body: Buffer): Iterable<Buffer> {
  const text = isGzip(body) ? gunzipSync(body) : body;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf(10, start);
    const end = newline < 0 ? text.length : newline + 1;
    yield text.subarray(start, end);
    start = end;
  }
}

/** A text file of these lines, gzipped if `original` is. */
export function fileOf(lines: readonly Uint8Array[], original: Buffer): Buffer {
  const text = Buffer.concat(lines);
  return isGzip(original) ? gzipSync(text) : text;
}
