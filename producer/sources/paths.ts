import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Thrown before anything is sent. The message names the path and the reason. */
export class FileSourceError extends Error {
  override readonly name = 'FileSourceError';
}

/** A file to read. */
export interface GivenFile {
  /** `-` is standard input. */
  path: string;
  /** The path that was given: the same, or a folder that it is in. */
  given: string;
}

/**
 * The files of paths, in order. `-`, standard input, stays as it is. A folder is replaced by all files in it and its
 * folders, sorted by code units, without names that begin with a dot. Throws {@link FileSourceError} unless each path
 * can be read, or if `-` occurs twice. Whether the files of a folder can be read shows when they are.
 */
export async function filesOf(paths: readonly string[]): Promise<GivenFile[]> {
  if (paths.filter((path) => path === '-').length > 1) {
    throw new FileSourceError('Standard input (-) can be read only once.');
  }
  const files: GivenFile[] = [];
  for (const path of paths) {
    if (path === '-') {
      files.push({ path, given: path });
      continue;
    }
    await check(path);
    if ((await stat(path)).isDirectory()) {
      const inside = await filesIn(path);
      if (inside.length === 0) throw new FileSourceError(`Cannot read ${path}: there is no file in it.`);
      files.push(...inside.map((file) => ({ path: file, given: path })));
    } else files.push({ path, given: path });
  }
  return files;
}

async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  // Names are sorted, not whole paths: `a.txt` would come between the folder `a` and its files.
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    files.push(...((await isFolder(path)) ? await filesIn(path).catch(() => [path]) : [path]));
  }
  return files;
}

/** False for what does not exist, such as a link to nothing: reading it tells. */
async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function check(path: string): Promise<void> {
  const reason = await access(path, constants.R_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EACCES' ? 'permission denied' : error.message,
  );
  if (reason !== undefined) throw new FileSourceError(`Cannot read ${path}: ${reason}.`);
}
