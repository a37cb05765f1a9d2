import { maskedCrc32c } from './crc32c.ts';

/** https://github.com/google/leveldb/blob/main/doc/log_format.md */
const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/** A log's records, and the bytes that are not readable. */
export interface LogContent {
  readonly records: readonly Buffer[];
  /** Bytes of damaged records. A torn tail, which was not acknowledged, is none. */
  readonly damagedBytes: number;
}

/**
 * Reads a log of LevelDB, which is also the format of its MANIFEST. After a damaged record it goes on at the next block
 * of 32 KB, as LevelDB does. An incomplete last record is a write that was cut short, which was not acknowledged. So
 * is, of records that are not synced, a last one with a wrong checksum, and zeros to the end.
 */
export function readLog(bytes: Buffer, { isSynced }: { isSynced: boolean }): LogContent {
  const records: Buffer[] = [];
  let damagedBytes = 0;
  let parts: Buffer[] | undefined;
  let at = 0;
  while (at < bytes.length) {
    const blockEnd = Math.min(bytes.length, at - (at % BLOCK_BYTES) + BLOCK_BYTES);
    if (blockEnd - at < HEADER_BYTES) {
      at = blockEnd; // Too short for a header: padding, or a torn one.
      continue;
    }
    const length = bytes.readUInt16LE(at + 4);
    const end = at + HEADER_BYTES + length;
    const type = bytes.readUInt8(at + 6);
    if (end > bytes.length && blockEnd === bytes.length) break;
    const isGood =
      end <= blockEnd &&
      type >= FULL &&
      type <= LAST &&
      bytes.readUInt32LE(at) === maskedCrc32c(bytes.subarray(at + 6, end));
    if (!isGood) {
      if (!isSynced && (end === bytes.length || isZero(bytes.subarray(at)))) break;
      damagedBytes += blockEnd - at;
      parts = undefined;
      at = blockEnd;
      continue;
    }
    const data = bytes.subarray(at + HEADER_BYTES, end);
    if (type === FULL) records.push(data);
    else if (type === FIRST) parts = [data];
    else if (type === MIDDLE) parts?.push(data);
    else if (parts !== undefined) {
      records.push(Buffer.concat([...parts, data]));
      parts = undefined;
    }
    at = end;
  }
  return { records, damagedBytes };
}

/** A log of these records, for {@link readLog} and LevelDB. */
export function writeLog(records: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  let inBlock = 0;
  for (const record of records) {
    let rest = record;
    for (let isFirst = true; ; isFirst = false) {
      if (BLOCK_BYTES - inBlock < HEADER_BYTES) {
        pieces.push(Buffer.alloc(BLOCK_BYTES - inBlock));
        inBlock = 0;
      }
      const data = rest.subarray(0, BLOCK_BYTES - inBlock - HEADER_BYTES);
      rest = rest.subarray(data.length);
      const isLast = rest.length === 0;
      const type = isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE;
      const body = Buffer.concat([Buffer.from([type]), data]);
      const header = Buffer.alloc(6);
      header.writeUInt32LE(maskedCrc32c(body), 0);
      header.writeUInt16LE(data.length, 4);
      pieces.push(header, body);
      inBlock += HEADER_BYTES + data.length;
      if (isLast) break;
    }
  }
  return Buffer.concat(pieces);
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
