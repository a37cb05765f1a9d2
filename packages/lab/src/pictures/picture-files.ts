import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A picture as it belongs into the folder of pictures. */
export interface PictureFile {
  readonly name: string;
  readonly svg: string;
}

/** Writes the pictures into a folder, which is made if it is missing. */
export async function writePictures(folder: string, files: readonly PictureFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, svg } of files) await writeFile(join(folder, name), svg);
}

/** The names of the pictures that a folder does not have as they are now. Line ends may be those of the platform. */
export async function findStale(folder: string, files: readonly PictureFile[]): Promise<string[]> {
  const stale: string[] = [];
  for (const { name, svg } of files) if ((await readIfPresent(join(folder, name))) !== svg) stale.push(name);
  return stale;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
