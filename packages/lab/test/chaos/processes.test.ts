import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isAlive } from '@tweet-pipes/kit/process-alive';
import { processesOf } from '../../src/chaos/processes.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'processes-')));
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that does nothing until its input ends. */
async function idle(args: readonly string[], cwd = tmpdir()) {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log()', '--', ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

it('finds a process that names the folder and, where there is /proc, one that works in it; and no other', async () => {
  const naming = await idle(['--db-path', join(folder, 'dynamodb.sqlite')]);
  const inside = await idle([], folder);
  const stranger = await idle(['--db-path', '/elsewhere/dynamodb.sqlite']);
  try {
    const expected = existsSync('/proc/self') ? [naming.pid, inside.pid] : [naming.pid];
    expect((await processesOf(folder)).sort()).toEqual(expected.sort());
    expect(expected.every((pid) => pid !== undefined && isAlive(pid))).toBe(true);
  } finally {
    for (const child of [naming, inside, stranger]) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }
  expect(await processesOf(folder)).toEqual([]);
  expect(naming.pid !== undefined && isAlive(naming.pid)).toBe(false);
});
