import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffersOf } from '../reading/containers/bytes.ts';
import { contentsOf, type Packed } from '../reading/containers/contents.ts';
import { Expansion } from '../reading/containers/expansion.ts';
import type { Reader } from '../reading/reader.ts';
import { ReadingTally, type Unreadable } from '../reading/reading-tally.ts';
import { checkEncoding } from '../reading/text/encoding.ts';
import { TextReading } from '../reading/text-reading.ts';
import type { Source } from '../record.ts';
import { namedPipe } from './named-pipe.ts';
import { filesOf, reasonOf } from './paths.ts';

/** How to read files. */
export interface PathOptions {
  /** What becomes of records that cannot be used; default `send`. */
  unreadable?: Unreadable;
  /** The records are looked at, not sent. */
  dryRun?: true | undefined;
  /** The encoding of texts without a byte order mark; default UTF-8, or UTF-16 where it shows. */
  encoding?: string | undefined;
  /** Default `process.stdin`. */
  stdin?: Readable;
}

const fileChunkBytes = 256 * 1024;

/**
 * A source that reads files, folders or standard input (`-`), one after the other, containers opened. A text gives
 * nothing until it has a tweet or a delete notice; one without is refused, and counted with what it looks like. What is
 * damaged is counted, and reading goes on behind it. Rejects with {@link ./paths.ts FileSourceError} unless every path
 * can be read, and with EncodingError. Reading throws SourceBrokenError only where unreadable records are to stop it.
 */
export async function pathSource(paths: readonly string[], reader: Reader, options: PathOptions): Promise<Source> {
  const { unreadable = 'send', encoding, stdin = process.stdin } = options;
  if (encoding !== undefined) checkEncoding(encoding);
  const files = await filesOf(paths);
  const tally = new ReadingTally(unreadable, options.dryRun === true);
  return {
    isFinal: true,
    tally: () => tally.toTally(),
    async *records(signal) {
      for (const { path, given, obstacle } of files) {
        if (signal?.aborted) return;
        if (obstacle !== undefined) {
          tally.addRefused(given, path, obstacle, false);
          continue;
        }
        const { packed, expansion, close } = await open(path, stdin);
        signal?.addEventListener('abort', close);
        // It may have been aborted while the file was opened.
        if (signal?.aborted) close();
        try {
          for await (const content of contentsOf(packed, expansion)) {
            if (signal?.aborted) return;
            const text = new TextReading(content, { given, tally, unreadable, encoding });
            try {
              for await (const items of text.items(reader)) for (const record of text.usable(items)) yield record;
            } catch (error) {
              if (signal?.aborted) return;
              text.failed(error);
            } finally {
              await text.end();
            }
          }
        } finally {
          signal?.removeEventListener('abort', close);
          close();
        }
      }
    },
  };
}

/** The bytes of a file, with the bound on what they unpack to. */
async function open(path: string, stdin: Readable): Promise<{ packed: Packed; expansion: Expansion; close(): void }> {
  const stats = path === '-' ? undefined : await stat(path).catch(() => undefined);
  const isPipe = stats?.isFIFO() === true;
  const ending = new AbortController();
  const stream = path === '-' ? stdin : isPipe ? undefined : createReadStream(path, { highWaterMark: fileChunkBytes });
  let readBytes = 0;
  const bytes = async function* () {
    try {
      for await (const chunk of stream === undefined ? namedPipe(path, ending.signal) : buffersOf(stream)) {
        readBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  };
  const name = path === '-' ? 'standard input' : path;
  return {
    packed: { path: name, bytes: bytes(), ...(stats?.isFile() ? { file: path } : {}) },
    expansion: new Expansion(() => Math.max(readBytes, stats?.size ?? 0)),
    close() {
      ending.abort();
      stream?.destroy();
    },
  };
}
