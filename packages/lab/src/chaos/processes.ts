import { execFile } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * The processes that belong to a data folder: those that name it among their arguments (the engine and its watcher)
 * and, where there is /proc, those that work inside it (functions).
 */
export async function processesOf(folder: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const naming = stdout.split('\n').flatMap((line) => {
    const [, pid, state = '', args = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // Zombies are dead already.
    return args.includes(folder) && !state.startsWith('Z') ? [Number(pid)] : [];
  });
  const all = new Set([...naming, ...(await workingIn(folder))]);
  return [...all].filter((pid) => pid !== process.pid);
}

async function workingIn(folder: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid) => {
        const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
        return place.startsWith(folder) ? [Number(pid)] : [];
      }),
  );
  return found.flat();
}

/** The process id of the data folder's DynamoDB engine, or undefined. */
export async function engineOf(folder: string): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const line of stdout.split('\n')) {
    const [, pid, program = '', args = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (args.includes(folder) && args.includes('--db-path') && !/\bsh$/.test(program)) return Number(pid);
  }
  return undefined;
}
