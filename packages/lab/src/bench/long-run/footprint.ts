import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What the processes that the runtime is made of have used of the machine, as of now. */
export interface Processes {
  /** MB (10^6 bytes) of resident memory. Shared pages count in each process that has them. */
  resident: ByProcess;
  /** MB of all together with shared pages counted once, as the kernel shares them out (PSS). */
  proportional: number;
  /**
   * Seconds of processor time since each began: unlike time on the clock it hardly depends on who else uses the
   * machine. Of processes that ended, nothing.
   */
  cpuSeconds: ByProcess;
}

export interface ByProcess {
  runtime: number;
  dynamodb: number;
  /** The Lambda functions, and the small shells that end engine and functions when the runtime is killed. */
  functions: number;
}

export function allTogether({ runtime, dynamodb, functions }: ByProcess): number {
  return runtime + dynamodb + functions;
}

/** Clock ticks of /proc in a second; a constant of the kernel's interface. */
const ticksPerSecond = 100;

/**
 * Looks at the runtime and every process below it. Linux only: reads /proc. A process that ends meanwhile counts
 * nothing.
 */
export async function lookAtProcesses(pid: number): Promise<Processes> {
  const resident = { runtime: 0, dynamodb: 0, functions: 0 };
  const cpuSeconds = { ...resident };
  let proportional = 0;
  for (const each of [pid, ...(await descendants(pid))]) {
    const command = (await readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
    const part = each === pid ? 'runtime' : command.includes('dynoxide') ? 'dynamodb' : 'functions';
    resident[part] += await field(each, 'status', 'VmRSS');
    const [userTicks = '0', systemTicks = '0'] = (await statFields(each)).slice(11);
    cpuSeconds[part] += (Number(userTicks) + Number(systemTicks)) / ticksPerSecond;
    proportional += await field(each, 'smaps_rollup', 'Pss');
  }
  return { resident, proportional, cpuSeconds };
}

/** The fields of /proc/<pid>/stat from the third, the state, on. */
async function statFields(pid: number | string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the command's name in parentheses, may hold anything.
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number((await statFields(name))[1]);
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
export const parts = ['dynamodb', 'kinesis', 'objects', 'firehose', 'pipes'] as const;
export type Disk = Record<(typeof parts)[number], number>;

/** MB (10^6 bytes) that each part of the data folder holds; a database's write-ahead log is part of it. */
export async function diskMegabytes(dataFolder: string): Promise<Disk> {
  const sizes: Disk = { dynamodb: 0, kinesis: 0, objects: 0, firehose: 0, pipes: 0 };
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
