import { ByteReader } from './bytes.ts';

/**
 * Decompresses Snappy's raw format, https://github.com/google/snappy/blob/main/format_description.txt. Throws
 * RangeError for bytes that are not in it.
 */
export function unsnappy(compressed: Buffer): Buffer {
  const reader = new ByteReader(compressed);
  const output = Buffer.alloc(reader.varint());
  let at = 0;
  while (!reader.isAtEnd) {
    const tag = reader.take(1).readUInt8();
    const kind = tag & 3;
    if (kind === 0) {
      const literal = reader.take(literalLength(tag >> 2, reader));
      if (at + literal.length > output.length) throw new RangeError('A literal is too long.');
      at += literal.copy(output, at);
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset =
      kind === 1
        ? (tag >> 5) * 256 + reader.take(1).readUInt8()
        : reader.take(kind === 2 ? 2 : 4).readUIntLE(0, kind === 2 ? 2 : 4);
    if (offset === 0 || offset > at || at + length > output.length) throw new RangeError('A copy is out of range.');
    // A copy may overlap its own output.
    for (const end = at + length; at < end; at += 1) output[at] = Number(output[at - offset]);
  }
  if (at !== output.length) throw new RangeError('The output is too short.');
  return output;
}

function literalLength(code: number, reader: ByteReader): number {
  if (code < 60) return code + 1;
  const bytes = code - 59;
  return reader.take(bytes).readUIntLE(0, bytes) + 1;
}
