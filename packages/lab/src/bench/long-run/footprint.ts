import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Current memory and processor time of the runtime's processes. */
export interface Processes {
  /** MB (10^6 bytes) of resident memory. Shared pages count in each process that has them. */
  resident: ByProcess;
  /** MB of all processes, with shared pages counted once (PSS). */
  proportional: number;
  /**
   * Seconds of processor time since the start of each process. It depends little on other load of the machine. Exited
   * processes are not included.
   */
  cpuSeconds: ByProcess;
}

/** A figure for each kind of process. */
export interface ByProcess {
  runtime: number;
  dynamodb: number;
  /** The Lambda functions, and the watchers that end engine and functions when the runtime is killed. */
  functions: number;
}

/** The sum over all kinds. */
export function sumOverProcesses({ runtime, dynamodb, functions }: ByProcess): number {
  return runtime + dynamodb + functions;
}

/** Clock ticks per second in /proc; a constant of the kernel's interface. */
const ticksPerSecond = 100;

/**
 * Measures the runtime and all its descendants. Linux only: it reads /proc. A process that exits meanwhile is left out.
 */
export async function measureProcesses(pid: number): Promise<Processes> {
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
  // The second field, the command's name in parentheses, may contain any character.
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
/** MB (10^6 bytes) by part. */
export type Disk = Record<(typeof parts)[number], number>;

/** Measures the parts of the data folder, write-ahead logs included. */
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
  if (found === undefined) return 0; // Compaction and rotation delete files meanwhile.
  if (!found.isDirectory()) return found.size;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesOf(join(path, name));
  return bytes;
}
