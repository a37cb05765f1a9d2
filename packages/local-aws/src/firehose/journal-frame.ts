import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';

/**
 * Bytes of a frame's header. A journal is a sequence of frames: a header (length of the content, checksum of the
 * content, checksum of these eight bytes, each 32 bits little endian), then the content. Each frame is written and
 * fsynced before its records are acknowledged, so only the last one can be incomplete.
 */
export const headerBytes = 12;

/** Where in a Kinesis stream a record comes from. */
export interface RecordOrigin {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
}

/** A record of a journal. */
export interface JournalRecord {
  data: Uint8Array;
  /** Arrival in Firehose, or in the Kinesis stream; milliseconds since the epoch. */
  arrivalMs: number;
  /** Undefined for a record that was put. */
  origin?: RecordOrigin;
}

/** The content of a frame. Its first byte is the kind. */
export type Frame =
  | { kind: 'records'; records: readonly JournalRecord[] }
  /** The planned object, as JSON text. */
  | { kind: 'plan'; plan: string };

/** Records that were put and arrived at the same time. */
const recordsKind = 1;
const planKind = 2;
/** Records of a Kinesis stream. */
const streamRecordsKind = 3;

/** All records of a frame are put, and arrived at the same time, or all of them are of a Kinesis stream. */
export function encodeFrame(frame: Frame): Buffer {
  const content =
    frame.kind === 'records'
      ? encodeRecords(frame.records)
      : Buffer.concat([Buffer.from([planKind]), Buffer.from(frame.plan)]);
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
  switch (kind) {
    case planKind:
      return { kind: 'plan', plan: content.subarray(1).toString() };
    case recordsKind: {
      const arrivalMs = content.readDoubleLE(1);
      return { kind: 'records', records: decodeData(content, 9).map((data) => ({ data, arrivalMs })) };
    }
    case streamRecordsKind: {
      const headEnd = 5 + content.readUInt32LE(1);
      const origins = originsSchema.parse(JSON.parse(content.subarray(5, headEnd).toString()));
      const records = decodeData(content, headEnd).map((data, index) => {
        const [shardId, sequenceNumber, partitionKey, arrivalMs] = origins[index] ?? ['', '', '', 0];
        return { data, arrivalMs, origin: { shardId, sequenceNumber, partitionKey } };
      });
      return { kind: 'records', records };
    }
    default:
      throw new AwsError('JournalCorrupt', `a frame of the journal has the unknown kind ${kind}`);
  }
}

/** Of each record of a stream: shard id, sequence number, partition key, arrival. */
const originsSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.number()]));

function encodeRecords(records: readonly JournalRecord[]): Buffer {
  const origins = records.flatMap(
    ({ arrivalMs, origin }): z.infer<typeof originsSchema> =>
      origin === undefined ? [] : [[origin.shardId, origin.sequenceNumber, origin.partitionKey, arrivalMs]],
  );
  return Buffer.concat([origins.length > 0 ? streamHead(origins) : putHead(records), ...encodeData(records)]);
}

function putHead(records: readonly JournalRecord[]): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(recordsKind, 0);
  head.writeDoubleLE(records[0]?.arrivalMs ?? 0, 1);
  return head;
}

function streamHead(origins: z.infer<typeof originsSchema>): Buffer {
  const text = Buffer.from(JSON.stringify(origins));
  const head = Buffer.alloc(5);
  head.writeUInt8(streamRecordsKind, 0);
  head.writeUInt32LE(text.length, 1);
  return Buffer.concat([head, text]);
}

/** Each record's data behind its length. */
function encodeData(records: readonly JournalRecord[]): Uint8Array[] {
  return records.flatMap(({ data }) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return [length, data];
  });
}

function decodeData(content: Buffer, from: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = from; at < content.length; ) {
    const end = at + 4 + content.readUInt32LE(at);
    found.push(content.subarray(at + 4, end));
    at = end;
  }
  return found;
}
