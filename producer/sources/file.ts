import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { partitionKeyOf } from '../partition-key.ts';
import { largestRecordBytes, type Source, type StreamRecord } from '../record.ts';
import { lines } from './lines.ts';

/** Thrown before anything is sent. The message names the path and what to do. */
export class FileSourceError extends Error {
  override readonly name = 'FileSourceError';
}

/**
 * JSON lines from files, one after the other, or from standard input for the path `-`. A line is a record as it stands, JSON or not;
 * blank lines, which streaming APIs send to keep a connection alive, are skipped. Throws {@link FileSourceError} unless every path can be read.
 */
export async function fileSource(paths: readonly string[], stdin: Readable = process.stdin): Promise<Source> {
  for (const path of paths) if (path !== '-') await check(path);
  return {
    async *records(signal) {
      for (const path of paths) {
        if (signal?.aborted) return;
        yield* records(path === '-' ? stdin : createReadStream(path), signal);
      }
    },
  };
}

async function* records(stream: Readable, signal: AbortSignal | undefined): AsyncGenerator<StreamRecord> {
  const close = () => stream.destroy();
  signal?.addEventListener('abort', close);
  try {
    // One byte more than fits a record is kept of a longer line, so that the writer reports it as oversized.
    for await (const data of lines(stream, largestRecordBytes + 1)) yield { partitionKey: partitionKeyOf(data), data };
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

async function check(path: string): Promise<void> {
  const reason = await access(path, constants.R_OK).then(
    async () => ((await stat(path)).isDirectory() ? 'it is a directory; name the files in it' : undefined),
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EACCES' ? 'permission denied' : error.message,
  );
  if (reason !== undefined) throw new FileSourceError(`Cannot read ${path}: ${reason}.`);
}
