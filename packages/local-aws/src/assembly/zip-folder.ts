import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { strToU8, zipSync } from 'fflate';

/** The earliest time of the zip format. A constant time gives the same bytes for the same content. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * Zips a folder for Lambda: every file by its path in the folder, sorted, not compressed, since it goes no further than
 * this machine. The same content gives the same bytes.
 */
export async function zipFolder(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    paths
      .sort()
      .map(
        async (path) => [relative(folder, path).split(sep).join('/'), new Uint8Array(await readFile(path))] as const,
      ),
  );
  return zipSync(Object.fromEntries(contents), { mtime: NO_TIME, level: 0 });
}

/** Zips one file with a text, as {@link zipFolder}. */
export function zipText(name: string, text: string): Uint8Array {
  return zipSync({ [name]: strToU8(text) }, { mtime: NO_TIME, level: 0 });
}
