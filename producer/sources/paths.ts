import type { BigIntStats } from 'node:fs';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, messageOf } from '@tweet-pipes/kit/thrown';

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
  /** Why it is not read, if it is in a folder. */
  obstacle?: string;
}

/**
 * The files of paths, in order. `-`, standard input, stays as it is. A folder is replaced by all files in it and its
 * folders, sorted by code units, without names that begin with a dot. Links are followed; each folder and each file of
 * a given folder comes once, however many names it has. Throws {@link FileSourceError} unless each path can be read, or
 * if `-` occurs twice. A pipe is read only where its own path is given, since it may never have an end.
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
    const stats = await check(path);
    if (stats.isDirectory()) {
      const inside = await filesIn(path, stats, new Set());
      if (inside.length === 0) throw new FileSourceError(`Cannot read ${path}: there is no file in it.`);
      files.push(...inside.map((file) => ({ ...file, given: path })));
    } else files.push({ path, given: path });
  }
  return files;
}

type Found = Omit<GivenFile, 'given'>;

/** @param seen the folders and files that came before, so that a link that leads back ends. */
async function filesIn(folder: string, { dev, ino }: BigIntStats, seen: Set<string>): Promise<Found[]> {
  seen.add(`${dev}:${ino}`);
  const files: Found[] = [];
  // Names are sorted, not whole paths: `a.txt` would come between the folder `a` and its files.
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort((a, b) => (a < b ? -1 : 1));
  for (const name of entries) {
    const path = join(folder, name);
    try {
      const stats = await stat(path, { bigint: true });
      const identity = `${stats.dev}:${stats.ino}`;
      if (seen.has(identity)) continue;
      if (stats.isDirectory()) files.push(...(await filesIn(path, stats, seen)));
      else if (stats.isFile()) files.push({ path });
      else files.push({ path, obstacle: `it is a ${kindOf(stats)}, not a file` });
      seen.add(identity);
    } catch (error) {
      files.push({ path, obstacle: reasonOf(error, 'it is a link to nothing') });
    }
  }
  return files;
}

async function check(path: string): Promise<BigIntStats> {
  try {
    await access(path, constants.R_OK);
    const stats = await stat(path, { bigint: true });
    if (stats.isFile() || stats.isDirectory() || stats.isFIFO()) return stats;
    throw new FileSourceError(`Cannot read ${path}: it is a ${kindOf(stats)}, not a file; - is standard input.`);
  } catch (error) {
    if (error instanceof FileSourceError) throw error;
    throw new FileSourceError(`Cannot read ${path}: ${reasonOf(error, 'there is no such file')}.`, { cause: error });
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'pipe';
  return stats.isSocket() ? 'socket' : 'device';
}

/** What the system said of a path, in plain words and without the path. */
export function reasonOf(error: unknown, ifMissing = 'there is no such file any more'): string {
  if (hasCode(error, 'ENOENT')) return ifMissing;
  if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM')) return 'permission denied';
  if (hasCode(error, 'ELOOP')) return 'it is a link that leads back to itself';
  return messageOf(error);
}
