import { access, constants, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { BlueskySourceError } from './errors.ts';

const content = z.object({ timeUs: z.int().min(0) });

/**
 * A file that keeps how far Jetstream was read, for the next start: `{"timeUs": …, "time": …}`, the time in
 * microseconds since the epoch and in ISO 8601. Only its owner can read it.
 */
export class CursorFile {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /**
   * The time in the file, in microseconds; undefined if there is no file. Creates its folder. Throws
   * {@link BlueskySourceError} when it is no cursor file, or could not be written.
   */
  async read(): Promise<number | undefined> {
    const folder = dirname(this.path);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await access(folder, constants.W_OK);
    } catch (error) {
      throw new BlueskySourceError(`${this.#cannot('written', error)} --cursor-file names another place.`);
    }
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new BlueskySourceError(this.#cannot('read', error));
    }
    const cursor = content.safeParse(jsonOf(text));
    if (cursor.success) return cursor.data.timeUs;
    throw new BlueskySourceError(
      `${this.path} is not a cursor file of produce bluesky. Remove it, name another with --cursor-file, or start at the present with --from-now.`,
    );
  }

  /**
   * Replaces the file at once or not at all. After a power cut it may be the one before, which is only older. Throws
   * {@link BlueskySourceError}; the old one is then still there.
   */
  async write(timeUs: number): Promise<void> {
    const next = `${this.path}.new`;
    try {
      const file = await open(next, 'w', 0o600);
      try {
        await file.chmod(0o600);
        await file.writeFile(`${JSON.stringify({ timeUs, time: isoOf(timeUs) })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, this.path);
    } catch (error) {
      throw new BlueskySourceError(this.#cannot('written', error));
    }
  }

  #cannot(what: 'read' | 'written', error: unknown): string {
    return `The cursor file ${this.path} cannot be ${what}: ${codeOf(error) ?? String(error)}.`;
  }
}

/** ISO 8601 of microseconds since the epoch. */
export function isoOf(timeUs: number): string {
  return new Date(Math.floor(timeUs / 1000)).toISOString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
