import { ByteReader } from './bytes.ts';
import { maskedCrc32c } from './crc32c.ts';
import { unsnappy } from './snappy.ts';

/** https://github.com/google/leveldb/blob/main/doc/table_format.md */
const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Behind each block: the kind of its compression, and the CRC of both. */
const TRAILER_BYTES = 5;
const SNAPPY = 1;

/** One block of a table. */
export interface TableBlock {
  readonly offset: number;
  /** Without the trailer. */
  readonly bytes: number;
  /** A key at or behind the block's last one, without LevelDB's own suffix. */
  readonly lastKey: string;
}

/**
 * The blocks of a table with entries, by its index. Throws RangeError when footer or index are damaged: then nothing of
 * the table can be found.
 */
export function tableBlocks(table: Buffer): TableBlock[] {
  const footer = table.subarray(Math.max(0, table.length - FOOTER_BYTES));
  if (footer.length < FOOTER_BYTES || footer.readBigUInt64LE(FOOTER_BYTES - 8) !== MAGIC) {
    throw new RangeError('The footer is damaged.');
  }
  const reader = new ByteReader(footer);
  readHandle(reader); // Of the index of metadata.
  const index = readHandle(reader);
  if (!isIntact(table, index)) throw new RangeError('The index is damaged.');
  const data = table.subarray(index.offset, index.offset + index.bytes);
  const isCompressed = table.readUInt8(index.offset + index.bytes) === SNAPPY;
  return [...indexEntries(isCompressed ? unsnappy(data) : data)];
}

/** Whether a block has the CRC that was stored with it. */
export function isIntact(table: Buffer, { offset, bytes }: Pick<TableBlock, 'offset' | 'bytes'>): boolean {
  const end = offset + bytes + TRAILER_BYTES;
  if (end > table.length) return false;
  return table.readUInt32LE(end - 4) === maskedCrc32c(table.subarray(offset, end - 4));
}

function readHandle(reader: ByteReader): { offset: number; bytes: number } {
  return { offset: reader.varint(), bytes: reader.varint() };
}

/** Each key shares some of its first bytes with the key before it. */
function* indexEntries(block: Buffer): Generator<TableBlock> {
  const restarts = block.readUInt32LE(block.length - 4);
  const reader = new ByteReader(block.subarray(0, block.length - 4 * (restarts + 1)));
  let key: Buffer = Buffer.alloc(0);
  while (!reader.isAtEnd) {
    const [shared, added, valueBytes] = [reader.varint(), reader.varint(), reader.varint()];
    key = Buffer.concat([key.subarray(0, shared), reader.take(added)]);
    const { offset, bytes } = readHandle(new ByteReader(reader.take(valueBytes)));
    yield { offset, bytes, lastKey: key.subarray(0, Math.max(0, key.length - 8)).toString('utf8') };
  }
}
