import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { AwsError } from '../gateway/aws-error.ts';
import { decodeFrame, decodeHeader, type Frame, headerBytes } from './journal-frame.ts';

/** A frame and where the next one begins, in bytes from the start of the file. */
export interface ReadFrame {
  frame: Frame;
  endByte: number;
}

/**
 * Reads the frames of a journal, one in memory at a time. Ends before a torn tail: a last frame that is incomplete or
 * did not fully reach the disk, and was not acknowledged. Throws JournalCorrupt for damage before the last frame. Not
 * retryable.
 */
export async function* readFrames(file: FileHandle, path: string): AsyncGenerator<ReadFrame> {
  const { size } = await file.stat();
  let at = 0;
  while (at + headerBytes <= size) {
    const header = decodeHeader(await readBytes(file, at, headerBytes));
    if (header === undefined) {
      if (await isZero(file, at, size)) return;
      throw journalCorrupt(path, at);
    }
    const endByte = at + headerBytes + header.contentBytes;
    if (endByte > size) return;
    const content = await readBytes(file, at + headerBytes, header.contentBytes);
    if (crc32(content) !== header.checksum) {
      if (endByte === size) return;
      throw journalCorrupt(path, at);
    }
    yield { frame: decodeFrame(content), endByte };
    at = endByte;
  }
}

function journalCorrupt(path: string, at: number): AwsError {
  return new AwsError(
    'JournalCorrupt',
    `The journal ${path} is damaged at byte ${at}, before its last frame. Its records were acknowledged and wait for delivery. ` +
      'Restore the file, or move it away to go on without them.',
  );
}

async function readBytes(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, at + done);
    if (bytesRead === 0) throw new Error(`the file ended at byte ${at + done} while it was read`);
    done += bytesRead;
  }
  return buffer;
}

/** After a power failure a file can be longer than the written data. The rest reads as zeros. */
async function isZero(file: FileHandle, from: number, size: number): Promise<boolean> {
  const chunkBytes = 65_536;
  for (let at = from; at < size; at += chunkBytes) {
    if ((await readBytes(file, at, Math.min(chunkBytes, size - at))).some((byte) => byte !== 0)) return false;
  }
  return true;
}
