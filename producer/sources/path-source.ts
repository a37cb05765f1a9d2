import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

import type { Source, StreamRecord } from '../record.ts';
import { filesOf } from './paths.ts';
import { SourceBrokenError } from './source-broken-error.ts';
import { uncompressed } from './uncompressed.ts';

/**
 * A source that reads files, folders or standard input (`-`), one after the other; gzipped ones are decompressed.
 * `read` makes records of one file's bytes. Rejects with {@link ./paths.ts FileSourceError} unless every path can be
 * read; reading throws {@link SourceBrokenError}.
 */
export async function pathSource(
  paths: readonly string[],
  stdin: Readable,
  read: (chunks: AsyncGenerator<Uint8Array>) => AsyncIterable<StreamRecord>,
): Promise<Source> {
  const files = await filesOf(paths);
  return {
    async *records(signal) {
      for (const file of files) {
        if (signal?.aborted) return;
        const stream = file === '-' ? stdin : createReadStream(file);
        const close = () => stream.destroy();
        signal?.addEventListener('abort', close);
        try {
          yield* read(uncompressed(stream));
        } catch (error) {
          if (!signal?.aborted) throw new SourceBrokenError(file === '-' ? 'standard input' : file, error);
        } finally {
          signal?.removeEventListener('abort', close);
          close();
        }
      }
    },
  };
}
