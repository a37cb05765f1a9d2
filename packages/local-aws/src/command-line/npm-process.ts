import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Clock } from '@tweet-pipes/kit/clock';
import { isAlive } from '@tweet-pipes/kit/process-alive';

/** Between two looks at npm's process. */
const pollMs = 1_000;
/** How npm and npx appear in a list of processes. */
const npm = /(?:^|[\\/\s])np[mx](?:-cli\.js)?(?:\s|$)/;

interface Process {
  readonly parentId: number;
  readonly command: string;
}

/**
 * The id of the npm or npx that runs this program, as its parent or with a shell between. Undefined for a program that
 * was started without it, and where processes cannot be listed.
 */
export function npmProcessId(
  env: Readonly<Record<string, string | undefined>>,
  find: (id: number) => Process | undefined = findProcess,
): number | undefined {
  if (env.npm_command === undefined) return undefined;
  let id = process.ppid;
  for (let generation = 0; generation < 2 && id > 1; generation += 1) {
    const found = find(id);
    if (found === undefined) return undefined;
    if (npm.test(found.command)) return id;
    id = found.parentId;
  }
  return undefined;
}

/**
 * Resolves when a process has ended, or when the signal aborts. npm does not pass on a signal that kills it: the
 * program below it would stay, and keep its port.
 */
export async function whenEnded(id: number, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && isAlive(id)) await clock.sleep(pollMs, signal);
}

function findProcess(id: number): Process | undefined {
  try {
    if (process.platform === 'linux') {
      // The command's name, in parentheses, may hold any character.
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const [, parentId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { parentId: Number(parentId), command: readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ') };
    }
    const [, parentId, command] =
      /^\s*(\d+)\s+(.*)/.exec(execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(id)], { encoding: 'utf8' })) ?? [];
    return command === undefined ? undefined : { parentId: Number(parentId), command };
  } catch {
    return undefined; // No such program as ps, as on Windows, or the process has ended.
  }
}
