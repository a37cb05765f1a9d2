import { crc32 } from 'node:zlib';

import { AwsError } from '../gateway/aws-error.ts';

/**
 * Bytes of a frame's header. A journal is a sequence of frames: a header (length of the content, checksum of the
 * content, checksum of these eight bytes, each 32 bits little endian), then the content. Each frame is written and
 * fsynced before its records are acknowledged, so only the last one can be incomplete.
 */
export const headerBytes = 12;

/** The content of a frame. Its first byte is the kind. */
export type Frame =
  | { kind: 'records'; arrivalMs: number; records: Uint8Array[] }
  /** The planned object, as JSON text. */
  | { kind: 'plan'; plan: string };

const recordsKind = 1;
const planKind = 2;

export function encodeFrame(frame: Frame): Buffer {
  const content =
    frame.kind === 'records' ? encodeRecords(frame) : Buffer.concat([Buffer.from([planKind]), Buffer.from(frame.plan)]);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(content.length, 0);
  header.writeUInt32LE(crc32(content), 4);
  header.writeUInt32LE(crc32(header.subarray(0, 8)), 8);
  return Buffer.concat([header, content]);
}

/** Length and checksum of the content after a header. Undefined when the header's own checksum is wrong. */
export function decodeHeader(header: Buffer): { contentBytes: number; checksum: number } | undefined {
  if (crc32(header.subarray(0, 8)) !== header.readUInt32LE(8)) return undefined;
  return { contentBytes: header.readUInt32LE(0), checksum: header.readUInt32LE(4) };
}

/** Decodes the content of a frame with a valid checksum. Throws JournalCorrupt for an unknown kind. */
export function decodeFrame(content: Buffer): Frame {
  const kind = content[0];
  if (kind === planKind) return { kind: 'plan', plan: content.subarray(1).toString() };
  if (kind !== recordsKind) throw new AwsError('JournalCorrupt', `a frame of the journal has the unknown kind ${kind}`);
  const records: Uint8Array[] = [];
  for (let at = 9; at < content.length; ) {
    const bytes = content.readUInt32LE(at);
    records.push(content.subarray(at + 4, at + 4 + bytes));
    at += 4 + bytes;
  }
  return { kind: 'records', arrivalMs: content.readDoubleLE(1), records };
}

function encodeRecords({ arrivalMs, records }: { arrivalMs: number; records: readonly Uint8Array[] }): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(recordsKind, 0);
  head.writeDoubleLE(arrivalMs, 1);
  const parts: Uint8Array[] = [head];
  for (const record of records) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(record.length);
    parts.push(length, record);
  }
  return Buffer.concat(parts);
}
