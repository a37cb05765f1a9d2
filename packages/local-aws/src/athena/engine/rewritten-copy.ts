import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { TableFile } from './messages.ts';

/** A copy of a copy with each line rewritten, not compressed, beside it under its name with a suffix. */
export async function rewrittenCopy(
  file: TableFile,
  suffix: string,
  rewrite: (line: string) => string,
): Promise<TableFile> {
  const path = `${file.local}.${suffix}`;
  const temporary = `${path}.${Math.random().toString(36).slice(2)}`;
  const unpacked = unpacker(file.compression);
  const lines = createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
  const rows = async function* () {
    for await (const line of lines) yield `${rewrite(line)}\n`;
  };
  await Promise.all([
    pipeline(createReadStream(file.local), unpacked),
    pipeline(rows, createWriteStream(temporary, { mode: 0o600 })),
  ]);
  await rename(temporary, path);
  return { ...file, local: path, compression: 'none' };
}

function unpacker(compression: TableFile['compression']): Transform {
  switch (compression) {
    case 'gzip':
      return createGunzip();
    case 'zstd':
      return createZstdDecompress();
    case 'none':
      return new PassThrough();
  }
}
