import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** How objects are compressed. */
export type Compression = 'GZIP' | 'UNCOMPRESSED';

/** An object in a file beside its journal. */
export interface BuiltObject {
  readonly path: string;
  readonly key: string;
}

/** A file that is created by its first write. Throws errors of the disk. */
export class ObjectFile implements BuiltObject {
  readonly path: string;
  readonly key: string;
  readonly #compression: Compression;
  #open: { stream: PassThrough | ReturnType<typeof createGzip>; written: Promise<void> } | undefined;

  constructor(path: string, key: string, compression: Compression) {
    this.path = path;
    this.key = key;
    this.#compression = compression;
  }

  async write(...chunks: Uint8Array[]): Promise<void> {
    this.#open ??= this.#create();
    const { stream, written } = this.#open;
    for (const chunk of chunks) {
      // A failed write ends the pipeline, after which nothing drains.
      if (chunk.length > 0 && !stream.write(chunk)) await Promise.race([once(stream, 'drain'), written]);
    }
  }

  /** Empty when nothing was written. */
  async finish(): Promise<BuiltObject[]> {
    if (this.#open === undefined) return [];
    this.#open.stream.end();
    await this.#open.written;
    return [this];
  }

  /** Ends an unfinished file. */
  abandon(): void {
    this.#open?.stream.destroy();
  }

  #create() {
    const stream = this.#compression === 'GZIP' ? createGzip() : new PassThrough();
    const written = pipeline(stream, createWriteStream(this.path));
    written.catch(() => {}); // Seen by the next write, or by finish.
    return { stream, written };
  }
}

/** Removes the files of objects. */
export async function removeObjects(objects: readonly BuiltObject[]): Promise<void> {
  for (const { path } of objects) await rm(path, { force: true });
}
