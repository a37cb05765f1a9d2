import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, sentence } from '@tweet-pipes/kit/thrown';
import type { z } from 'zod';
import { DataFolderError } from './data-folder.ts';
import { SharedWrite } from './shared-write.ts';

/**
 * Reads a JSON file of the data folder. Undefined when there is none. Throws {@link DataFolderError} for one that is
 * no JSON or does not fit: it is not treated as missing, which would lose what it holds.
 */
export async function readDurable<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw unusable(file, `cannot be read (${sentence(error)})`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable(file, 'is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(file, `does not fit (${issue?.path.join('.')}: ${issue?.message})`);
}

function unusable(file: string, reason: string): DataFolderError {
  return new DataFolderError(`${file} ${reason}. Restore it from a copy, or delete it and lose what it held.`);
}

/** A file whose changes are durable: temporary file, fsync, rename, fsync of the folder. */
export class DurableFile {
  readonly #write: SharedWrite;

  /** `content` gives what the file is to hold, when it is written: its bytes, or what is written as JSON. */
  constructor(file: string, content: () => unknown) {
    this.#write = new SharedWrite(() => {
      const held = content();
      const bytes = held instanceof Uint8Array ? held : `${JSON.stringify(held, null, 1)}\n`;
      return replaceDurably(file, bytes, `${file}.new`);
    });
  }

  /**
   * Resolves when all changes so far are on disk. Changes during a write share the next one. Throws errors of the disk.
   */
  save(): Promise<void> {
    return this.#write.save();
  }
}

/**
 * Replaces a file, durably and at once or not at all: `temporary`, a path in the same folder, fsync, rename, fsync of
 * the folder. Makes the folder. Throws errors of the disk.
 */
export async function replaceDurably(file: string, content: string | Uint8Array, temporary: string): Promise<void> {
  const folder = dirname(file);
  const handle = await openNew(temporary, folder);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes the folder where it is missing: it hardly ever is, and asking costs as much as a write. */
async function openNew(temporary: string, folder: string): Promise<FileHandle> {
  try {
    return await open(temporary, 'w', 0o600);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return open(temporary, 'w', 0o600);
  }
}
