import { statfsSync } from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A disk that can be full for a while, as far as the runtime's own code sees it: it has no free bytes, and a write into
 * a file of the data folder ends half-way with ENOSPC. The engines write as before; packages/local-aws has a test with
 * a real disk. It wraps Node's file functions, so it must be made before the first file is touched.
 */
export class FullDisk {
  isFull = false;

  constructor(dataFolder: string) {
    const { open } = promises;
    const watchedOpen: typeof open = async (path, ...rest) => {
      const handle = await open(path, ...rest);
      if (String(path).startsWith(dataFolder)) this.#limitWrites(handle);
      return handle;
    };
    Object.assign(promises, { open: watchedOpen });
    syncBuiltinESMExports();
  }

  /** For the runtime's option of this name. */
  freeBytes(folder: string): number {
    if (this.isFull) return 0;
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  }

  #limitWrites(handle: FileHandle): void {
    const { write, writeFile } = handle;
    const limited = {
      write: async (...args: unknown[]) => {
        if (!this.isFull) return Reflect.apply(write, handle, args);
        const [buffer, offset = 0, length = 0, position] = args;
        await Reflect.apply(write, handle, [buffer, offset, Math.floor(Number(length) / 2), position]);
        throw noSpaceLeft();
      },
      writeFile: async (...args: unknown[]) => {
        if (!this.isFull) return Reflect.apply(writeFile, handle, args);
        const text = String(args[0]);
        await Reflect.apply(writeFile, handle, [text.slice(0, text.length / 2)]);
        throw noSpaceLeft();
      },
    };
    // Own properties of the handle hide the methods of its class.
    for (const [name, value] of Object.entries(limited)) Object.defineProperty(handle, name, { value });
  }
}

/** As Node reports it. */
function noSpaceLeft(): Error {
  const error = new Error('ENOSPC: no space left on device, write');
  return Object.assign(error, { errno: -28, code: 'ENOSPC', syscall: 'write' });
}
