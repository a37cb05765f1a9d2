import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';

/** The earliest time a zip file can hold, so that the same content gives the same bytes. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * A folder as the zip file that Lambda takes: every file by its path in the folder, sorted, the same bytes for the same
 * content.
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
  return zipSync(Object.fromEntries(contents), { mtime: NO_TIME, level: 1 });
}
