import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** The permissions of group and others. */
const SHARED_BITS = 0o077;

let runtimes = 0;
let ownMask = 0;

/**
 * Creates files of this process and of programs that it starts for their owner alone (umask 077), until the returned
 * function is called as often as this one. The engines open their files themselves and take no mode. Has no effect in a
 * worker thread, which cannot set the umask.
 */
export function createPrivateFiles(): () => void {
  if (!isMainThread) return () => {};
  if (runtimes === 0) ownMask = process.umask(SHARED_BITS);
  runtimes += 1;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    runtimes -= 1;
    if (runtimes === 0) process.umask(ownMask);
  };
}

/** Takes the permissions of group and others from a folder and all that it holds. Links and their targets stay. */
export async function makePrivate(folder: string): Promise<void> {
  await closeToOthers(folder);
  // Not `recursive`, which would follow links.
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makePrivate(path);
    else if (!entry.isSymbolicLink()) await closeToOthers(path);
  }
}

async function closeToOthers(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & SHARED_BITS) !== 0) await chmod(path, mode & 0o777 & ~SHARED_BITS);
}
