/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/**
 * What is wrong with a write-ahead log: SQLite leaves out in silence what follows a damaged frame. Undefined when
 * nothing is. A last frame that is damaged itself is a write that was cut short, which was not acknowledged.
 */
export function walProblem(wal: Buffer): string | undefined {
  if (wal.length < HEADER_BYTES || wal.every((byte) => byte === 0)) return undefined;
  if ((wal.readUInt32BE(0) & ~1) >>> 0 !== MAGIC) return 'has no readable header';
  const read = wal.readUInt32BE(0) & 1 ? wal.readUInt32BE.bind(wal) : wal.readUInt32LE.bind(wal);
  let sums = checksum(read, 0, 24, [0, 0]);
  if (!isSum(wal, 24, sums)) return 'has no readable header';
  const frameBytes = wal.readUInt32BE(8) + FRAME_HEADER_BYTES;
  const frames = framesOf(wal, frameBytes);
  for (let frame = 0; frame < frames; frame += 1) {
    const at = HEADER_BYTES + frame * frameBytes;
    sums = checksum(read, at, at + 8, sums);
    sums = checksum(read, at + FRAME_HEADER_BYTES, at + frameBytes, sums);
    if (isSum(wal, at + 16, sums)) continue;
    return frame + 1 === frames ? undefined : `is damaged at frame ${frame + 1} of ${frames}`;
  }
  return undefined;
}

/** The frames of the log's current generation: those with the salts of its header. Older ones may follow. */
function framesOf(wal: Buffer, frameBytes: number): number {
  const salts = wal.subarray(16, 24);
  let frames = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= wal.length; at += frameBytes) {
    if (salts.equals(wal.subarray(at + 8, at + 16))) frames = (at - HEADER_BYTES) / frameBytes + 1;
  }
  return frames;
}

type Sums = readonly [number, number];

function checksum(read: (at: number) => number, from: number, to: number, [first, second]: Sums): Sums {
  let [a, b] = [first, second];
  for (let at = from; at < to; at += 8) {
    a = (a + read(at) + b) >>> 0;
    b = (b + read(at + 4) + a) >>> 0;
  }
  return [a, b];
}

function isSum(wal: Buffer, at: number, [a, b]: Sums): boolean {
  return wal.readUInt32BE(at) === a && wal.readUInt32BE(at + 4) === b;
}
