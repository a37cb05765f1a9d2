import { crc32 } from 'node:zlib';
import { decodeHeader, headerBytes } from '../firehose/journal-frame.ts';

/** The bytes of the frames of a journal that are intact, also behind damaged ones. */
export function readableFrames(journal: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at + headerBytes <= journal.length; ) {
    const header = decodeHeader(journal.subarray(at, at + headerBytes));
    const end = at + headerBytes + (header?.contentBytes ?? 0);
    const content = journal.subarray(at + headerBytes, end);
    if (header !== undefined && end <= journal.length && crc32(content) === header.checksum) {
      frames.push(journal.subarray(at, end));
      at = end;
    } else at += 1; // The next frame may begin at any byte.
  }
  return Buffer.concat(frames);
}
