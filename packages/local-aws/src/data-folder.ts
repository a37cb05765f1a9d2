import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readOwner, writeOwner } from './data-folder-owner.ts';

/**
 * Everything the runtime ever writes at the top of its data folder. What is not here is someone else's, and the folder
 * is refused.
 */
const OURS = [
  'lock.sqlite',
  'lock.sqlite-journal',
  'owner.json',
  'owner.json.new',
  '.gitignore',
  'assembly',
  'dynamodb.sqlite',
  'dynamodb.sqlite-shm',
  'dynamodb.sqlite-wal',
  'firehose',
  'kinesis',
  'lambda',
  'objects',
  'pipes',
];
/** What stays when the folder is emptied: the lock is held through this file. */
const KEPT = ['lock.sqlite', 'lock.sqlite-journal'];

/**
 * The folder cannot be used: in use by another runtime, or not a data folder. The message says by whom and what to do.
 */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** A data folder that belongs to this process until `release`, or until the process ends in whatever way. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** Lets others see who holds the folder and where it serves. */
  announce(endpoint: string): Promise<void>;
  /** Gives the folder up. May be called more than once. */
  release(): void;
}

/**
 * Takes a data folder for this process alone, making it when it is not there; `fresh` empties it. The lock is one that
 * the operating system drops with the process, so `kill -9` leaves nothing behind (ADR 0012). Throws {@link
 * DataFolderError} when another process has it, or when it holds files that are not ours: those are never deleted.
 */
export async function takeDataFolder(folder: string, options: { fresh?: boolean; nowMs: number }): Promise<DataFolder> {
  const path = resolve(folder);
  await refuseForeign(path);
  await mkdir(path, { recursive: true });
  const lock = await takeLock(path);
  let held = true;
  const release = () => {
    if (held) lock.close();
    held = false;
  };
  try {
    // Looked at again now that nobody else can change it.
    const entries = await refuseForeign(path);
    if (options.fresh) {
      for (const entry of entries) {
        if (!KEPT.includes(entry)) await rm(join(path, entry), { recursive: true });
      }
    }
    // Wherever the folder is, its content is nothing to commit.
    await writeFile(join(path, '.gitignore'), '*\n');
    const owner = { processId: process.pid, since: new Date(options.nowMs).toISOString() };
    await writeOwner(path, owner);
    return { path, announce: (endpoint) => writeOwner(path, { ...owner, endpoint }), release };
  } catch (error) {
    release();
    throw error;
  }
}

async function refuseForeign(path: string): Promise<string[]> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new DataFolderError(`${path} cannot be used as data folder: ${error.message}`, { cause: error });
  });
  const foreign = entries.filter((entry) => !OURS.includes(entry));
  if (foreign.length > 0) {
    const shown = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ` and ${foreign.length - 3} more` : '');
    throw new DataFolderError(
      `${path} holds files that are not the runtime's (${shown}). Choose an empty or new folder with --data, or move them away.`,
    );
  }
  return entries;
}

async function takeLock(path: string): Promise<DatabaseSync> {
  const file = join(path, 'lock.sqlite');
  let database: DatabaseSync | undefined;
  try {
    // An exclusive transaction that is never committed: the kernel holds its lock exactly as long as this process
    // lives.
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    if (/locked|busy/i.test(String(cause))) {
      throw new DataFolderError(
        `${path} is in use by ${await readOwner(path)}. Stop it (Ctrl-C where it runs), or choose another folder with --data.`,
        { cause },
      );
    }
    throw new DataFolderError(
      `${file} cannot be opened (${String(cause)}). Delete it when no runtime uses the folder.`,
      {
        cause,
      },
    );
  }
}
