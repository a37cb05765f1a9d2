import { type FSWatcher, watch } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { isLeftOut } from '../assembly/assembly-cache.ts';

/** Changes of files that were not taken yet. */
export interface Changes {
  /** Resolves with the changed paths, relative to the folder, as soon as there are any; at an abort with none. */
  next(signal: AbortSignal): Promise<string[]>;
  /** The changed paths since the last call, none if nothing changed. */
  take(): string[];
  stop(): void;
}

/**
 * Watches the files of an app: those on which its assembly depends, without the folders given. Throws the system's
 * error, such as ENOSPC for too many watched files.
 */
export function watchFolder(folder: string, leftOut: readonly string[]): Changes {
  const outside = leftOut.map((path) => relative(folder, resolve(path)));
  const isIgnored = (path: string) =>
    path.split(sep).some(isLeftOut) || outside.some((each) => path === each || path.startsWith(`${each}${sep}`));
  const collected = collectChanges();
  const watcher: FSWatcher = watch(folder, { recursive: true, ignore: isIgnored }, (_, path) => {
    if (path !== null && !isIgnored(path)) collected.add(path);
  });
  watcher.on('error', () => {}); // A folder that is gone; its parent has told it.
  return { ...collected, stop: () => watcher.close() };
}

/** Changes that are told by `add`. */
export function collectChanges(): Omit<Changes, 'stop'> & { add(path: string): void } {
  const changed = new Set<string>();
  let wake = () => {};
  const take = () => {
    const paths = [...changed];
    changed.clear();
    return paths;
  };
  return {
    take,
    add(path) {
      changed.add(path);
      wake();
    },
    async next(signal) {
      if (changed.size === 0 && !signal.aborted) {
        await new Promise<void>((done) => {
          wake = () => {
            signal.removeEventListener('abort', wake);
            done();
          };
          signal.addEventListener('abort', wake);
        });
      }
      return take();
    },
  };
}
