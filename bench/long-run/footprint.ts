import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Resident memory in MB (10^6 bytes) of the processes that the runtime is made of. Shared pages count in each of them. */
export interface Resident {
  runtime: number;
  dynamodb: number;
  functions: number;
  /** Of all together with shared pages counted once, as the kernel shares them out (PSS). */
  proportional: number;
}

/** The runtime and every process below it. Linux only: reads /proc. A process that ends meanwhile counts nothing. */
export async function residentMegabytes(pid: number): Promise<Resident> {
  const sizes: Resident = { runtime: 0, dynamodb: 0, functions: 0, proportional: 0 };
  for (const each of [pid, ...(await descendants(pid))]) {
    const resident = await field(each, 'status', 'VmRSS');
    const command = (await readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
    if (each === pid) sizes.runtime += resident;
    else if (command.includes('dynoxide')) sizes.dynamodb += resident;
    else sizes.functions += resident;
    sizes.proportional += await field(each, 'smaps_rollup', 'Pss');
  }
  return sizes;
}

async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stats = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name of the command, in parentheses, may hold anything; the parent is the second field after it.
    const parent = Number(stats.slice(stats.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) parents.set(Number(name), parent);
  }
  const found = [pid];
  for (const each of found) for (const [child, parent] of parents) if (parent === each) found.push(child);
  return found.slice(1);
}

async function field(pid: number, file: string, name: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return (Number(kilobytes ?? 0) * 1024) / 1e6;
}

/** Parts of the data folder by name. */
export const parts = ['dynamodb.sqlite', 'kinesis', 'objects', 'firehose', 'pipes'] as const;
export type Disk = Record<(typeof parts)[number], number>;

/** MB (10^6 bytes) that each part of the data folder holds; a database's write-ahead log is part of it. */
export async function diskMegabytes(dataFolder: string): Promise<Disk> {
  const sizes: Disk = { 'dynamodb.sqlite': 0, kinesis: 0, objects: 0, firehose: 0, pipes: 0 };
  for (const entry of await readdir(dataFolder)) {
    const part = parts.find((name) => entry.startsWith(name));
    if (part !== undefined) sizes[part] += (await bytesOf(join(dataFolder, entry))) / 1e6;
  }
  return sizes;
}

async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 0; // Compaction and rotation delete files while we look.
  if (!found.isDirectory()) return found.size;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesOf(join(path, name));
  return bytes;
}
