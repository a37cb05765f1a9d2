import { readFileSync, statfsSync } from 'node:fs';

const FOLDER = '/dev/shm';
/** Seven times what the tests have in temporary folders at once. */
const NEEDED_BYTES = 1e9;

/** What decides about a folder in memory. */
export interface Machine {
  /** The text of /proc/mounts. Empty where there is none. */
  readonly mounts: string;
  /** Bytes that may be written to a folder. */
  freeBytes(folder: string): number;
}

/**
 * The folder that Linux keeps in memory, if it has room for what the tests write and allows to start programs in it;
 * otherwise undefined. The tests delete what they write, so they need not wait until a disk has it.
 */
export function memoryFolder({ mounts, freeBytes } = thisMachine()): string | undefined {
  const [, , type, flags = ''] =
    mounts
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, folder]) => folder === FOLDER) ?? [];
  if (type !== 'tmpfs' || flags.split(',').includes('noexec')) return undefined;
  return freeBytes(FOLDER) >= NEEDED_BYTES ? FOLDER : undefined;
}

function thisMachine(): Machine {
  return {
    mounts: process.platform === 'linux' ? readFileSync('/proc/mounts', 'utf8') : '',
    freeBytes(folder) {
      const { bavail, bsize } = statfsSync(folder);
      // The other half is for the programs.
      return Math.min(bavail * bsize, process.availableMemory() / 2);
    },
  };
}
