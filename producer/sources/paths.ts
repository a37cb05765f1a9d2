import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Thrown before anything is sent. The message names the path and the reason. */
export class FileSourceError extends Error {
  override readonly name = 'FileSourceError';
}

/**
 * The files of paths, in order. `-`, standard input, stays as it is. A folder is replaced by all files in it and its
 * folders, sorted by code units, without names that begin with a dot. Throws {@link FileSourceError} unless each can be
 * read, or if `-` occurs twice.
 */
export async function filesOf(paths: readonly string[]): Promise<string[]> {
  if (paths.filter((path) => path === '-').length > 1) {
    throw new FileSourceError('Standard input (-) can be read only once.');
  }
  const files: string[] = [];
  for (const path of paths) {
    if (path === '-') files.push(path);
    else if (await isFolder(path)) {
      const inside = await filesIn(path);
      if (inside.length === 0) throw new FileSourceError(`Cannot read ${path}: there is no file in it.`);
      files.push(...inside);
    } else files.push(path);
  }
  for (const file of files) if (file !== '-') await check(file);
  return files;
}

async function isFolder(path: string): Promise<boolean> {
  await check(path);
  return (await stat(path)).isDirectory();
}

async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  // Names are sorted, not whole paths: `a.txt` would come between the folder `a` and its files.
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  for (const name of names) {
    const path = join(folder, name);
    if (await isFolder(path)) files.push(...(await filesIn(path)));
    else files.push(path);
  }
  return files;
}

async function check(path: string): Promise<void> {
  const reason = await access(path, constants.R_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EACCES' ? 'permission denied' : error.message,
  );
  if (reason !== undefined) throw new FileSourceError(`Cannot read ${path}: ${reason}.`);
}
