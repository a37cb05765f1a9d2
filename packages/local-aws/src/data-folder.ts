import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import { describeOwner, writeOwner } from './data-folder-owner.ts';

/** The runtime's entries at the top of its data folder. A folder with any other entry is rejected. */
const RUNTIME_ENTRIES = [
  'lock.sqlite',
  'lock.sqlite-journal',
  'owner.json',
  'owner.json.new',
  '.gitignore',
  '.space',
  'assemblies',
  'assembly',
  'athena',
  'damaged',
  'dynamodb.sqlite',
  'dynamodb.sqlite-shm',
  'dynamodb.sqlite-wal',
  'firehose',
  'glue',
  'iam.json',
  'iam.json.new',
  'kinesis',
  'lambda',
  'logs',
  'objects',
  'pipes',
  'scheduler',
  'ssm',
  'stacks',
  'stores.json',
  'stores.json.new',
];
/** Entries that stay when the folder is emptied, since they hold the lock. */
const LOCK_ENTRIES = ['lock.sqlite', 'lock.sqlite-journal'];

/**
 * The folder cannot be used: in use by another runtime, or not a data folder. The message has the cause and a remedy.
 * Retryable when the other runtime has stopped.
 */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** A data folder, locked by this process until `release` or the end of the process. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** Whether it held nothing when it was taken, or was emptied. */
  readonly isNew: boolean;
  /** Writes the endpoint into the owner file, for the error message of another runtime. */
  announce(endpoint: string): Promise<void>;
  /** Releases the lock. May be called more than once. */
  release(): void;
}

/**
 * Locks a data folder for this process and creates it if needed. Only its owner may enter it. `fresh` empties it. The
 * operating system releases the lock with the process, even after `kill -9` (ADR 0012). Throws {@link DataFolderError}
 * when another process holds the lock, or when the folder has foreign files, which are never deleted.
 */
export async function takeDataFolder(folder: string, options: { fresh?: boolean; nowMs: number }): Promise<DataFolder> {
  const path = resolve(folder);
  await refuseForeign(path);
  await makeFolder(path).catch((error: unknown) => {
    throw unusable(path, error);
  });
  // The folder of another user cannot be changed, but may be writable for this one.
  await chmod(path, 0o700).catch(() => {});
  const lock = await takeLock(path);
  let held = true;
  const release = () => {
    if (held) lock.close();
    held = false;
  };
  try {
    // Checked again under the lock.
    const entries = await refuseForeign(path);
    if (options.fresh) {
      for (const entry of entries) {
        if (!LOCK_ENTRIES.includes(entry)) await rm(join(path, entry), { recursive: true });
      }
    }
    const owner = { processId: process.pid, since: new Date(options.nowMs).toISOString() };
    try {
      // Keeps the folder out of any repository.
      await writeFile(join(path, '.gitignore'), '*\n');
      await writeOwner(path, owner);
    } catch (error) {
      throw unusable(path, error);
    }
    const isNew = options.fresh === true || entries.every((entry) => LOCK_ENTRIES.includes(entry));
    return { path, isNew, announce: (endpoint) => writeOwner(path, { ...owner, endpoint }), release };
  } catch (error) {
    release();
    throw error;
  }
}

async function refuseForeign(path: string): Promise<string[]> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unusable(path, error);
  });
  const foreign = entries.filter((entry) => !RUNTIME_ENTRIES.includes(entry));
  if (foreign.length > 0) {
    const shown = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ` and ${foreign.length - 3} more` : '');
    throw new DataFolderError(
      `${path} holds files that are not the runtime's (${shown}). Choose an empty or new folder with --data, or move them away.`,
    );
  }
  return entries;
}

function unusable(path: string, error: unknown): DataFolderError {
  return new DataFolderError(
    `${path} cannot be used as data folder: ${sentence(error)}. Choose a folder that you may write to with --data.`,
    { cause: error },
  );
}

async function takeLock(path: string): Promise<DatabaseSync> {
  const file = join(path, 'lock.sqlite');
  let database: DatabaseSync | undefined;
  try {
    // An exclusive transaction that is never committed: the kernel holds its lock until this process ends.
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    if (/locked|busy/i.test(String(cause))) {
      throw new DataFolderError(
        `${path} is in use by ${await describeOwner(path)}. Stop it (Ctrl-C where it runs), or choose another folder with --data.`,
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

/** Node's own recursive mkdir never ends where a new folder is refused with ENOENT, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return void (await stat(path)); // A link may lead nowhere.
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}
