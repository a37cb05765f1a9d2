import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

import type { CrashPoint, FileKind, FileOperation } from './crash-point.ts';

type Step = (operation: FileOperation, work: () => Promise<unknown>, half?: () => Promise<unknown>) => Promise<unknown>;

/**
 * Calls `crash`, which must not return, at the n-th operation on checkpoints or journals. It wraps Node's file
 * functions, so the runtime needs no hook; it must run before the first file is touched. A kill leaves in the kernel
 * what was written, so this tests the order of writes, not whether they reach the disk in a power failure.
 */
export function crashInFile(crashPoint: CrashPoint, crash: () => void): void {
  if (crashPoint.how !== 'kill-file') return;
  let count = 0;
  const step: Step = async (operation, work, half) => {
    count += operation === crashPoint.operation ? 1 : 0;
    if (operation !== crashPoint.operation || count !== crashPoint.nth) return work();
    if (crashPoint.when === 'before') crash();
    if (crashPoint.when === 'half') await half?.();
    else await work();
    crash();
  };
  const { open, rename, rm } = promises;
  const watchedOpen: typeof open = async (path, ...rest) => {
    if (fileKind(path) !== crashPoint.file) {
      const handle = await open(path, ...rest);
      if (folderKind(path) === crashPoint.file) watchFolder(handle, step);
      return handle;
    }
    let handle: FileHandle | undefined;
    await step('open', async () => {
      handle = await open(path, ...rest);
    });
    handle ??= await open(path, ...rest);
    // Opening to read, with the flag `r`, does not count.
    if (rest[0] !== 'r') watchWrites(handle, step);
    return handle;
  };
  const watchedRename: typeof rename = async (from, to) => {
    const work = () => rename(from, to);
    if (fileKind(from) === crashPoint.file) await step('rename', work);
    else await work();
  };
  const watchedRemove: typeof rm = async (path, options) => {
    const work = () => rm(path, options);
    if (fileKind(path) === crashPoint.file) await step('remove', work);
    else await work();
  };
  Object.assign(promises, { open: watchedOpen, rename: watchedRename, rm: watchedRemove });
  syncBuiltinESMExports();
}

function fileKind(path: unknown): FileKind | undefined {
  if (/\/pipes\/[^/]+\/\.?checkpoint\.[a-z]+$/.test(String(path))) return 'checkpoint';
  return /\/firehose\/[^/]+\/\d+\.journal$/.test(String(path)) ? 'journal' : undefined;
}

function folderKind(path: unknown): FileKind | undefined {
  if (/\/pipes\/[^/]+$/.test(String(path))) return 'checkpoint';
  return /\/firehose\/[^/]+$/.test(String(path)) ? 'journal' : undefined;
}

function watchWrites(handle: FileHandle, step: Step): void {
  const { write, writeFile, sync, datasync } = handle;
  replace(handle, {
    write: (...args) => {
      const [buffer, offset = 0, length = 0, position] = args;
      const half = Math.floor(Number(length) / 2);
      return step(
        'write',
        () => Reflect.apply(write, handle, args),
        () => Reflect.apply(write, handle, [buffer, offset, half, position]),
      );
    },
    writeFile: (...args) => {
      const text = String(args[0]);
      return step(
        'write',
        () => Reflect.apply(writeFile, handle, args),
        () => Reflect.apply(writeFile, handle, [text.slice(0, text.length / 2)]),
      );
    },
    sync: () => step('sync', () => Reflect.apply(sync, handle, [])),
    datasync: () => step('sync', () => Reflect.apply(datasync, handle, [])),
  });
}

function watchFolder(handle: FileHandle, step: Step): void {
  const { sync } = handle;
  replace(handle, { sync: () => step('sync-folder', () => Reflect.apply(sync, handle, [])) });
}

/** Own properties of the handle hide the methods of its class. */
function replace(handle: FileHandle, methods: Record<string, (...args: unknown[]) => Promise<unknown>>): void {
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(handle, name, { value });
}
