/**
 * Runtimes one after the other over one data folder, driven by lines on stdin; see small-disk.ts. It answers each line
 * with a JSON line, and prints each log line of a runtime as one.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Runtime, startRuntime } from '../src/runtime.ts';

export interface SmallDiskOptions {
  /** Where the disk is mounted; the data folder is in it. */
  disk: string;
  assemblyFolder: string;
  /** Nothing is mounted: the runtime is told the free bytes. */
  isTold: boolean;
}

const options: SmallDiskOptions = JSON.parse(process.argv[2] ?? '{}');
const { disk, assemblyFolder, isTold } = options;
const ballast = join(disk, 'ballast');
const print = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
let toldFreeBytes = 100e6;
let runtime: Runtime | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  switch (line) {
    case 'start':
      runtime = await startRuntime({
        dataFolder: join(disk, 'data'),
        assemblyFolder,
        log: (text) => print({ log: text }),
        ...(isTold && { freeBytes: () => toldFreeBytes }),
      });
      break;
    case 'fill':
      toldFreeBytes = 0;
      // It ends with ENOSPC, which is what it is for.
      if (!isTold) await writeFile(ballast, Buffer.alloc(30e6)).catch(() => {});
      break;
    case 'free':
      toldFreeBytes = 100e6;
      await rm(ballast, { force: true });
      break;
    case 'stop':
      await runtime?.stop();
      break;
    default:
      throw new Error(`There is no command ${line}.`);
  }
  print({ done: line, endpoint: runtime?.endpoint ?? '' });
}
await runtime?.stop();
