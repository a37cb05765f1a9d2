import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '../../../kit/test/until.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

describe('the process of a function', () => {
  it('is killed with its children when the runtime is killed by SIGKILL, even in a busy loop', async () => {
    const program = new URL('orphan-parent.ts', import.meta.url).pathname;
    const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    const { pids, dataFolder }: { pids: number[]; dataFolder: string } = JSON.parse(line.toString());
    expect(pids.map(runs)).toEqual([true, true]);

    parent.kill('SIGKILL');

    await until(() => !pids.some(runs));
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('has ended after stop, with its children', async () => {
    const other = await startFixture();
    await other.deploy(
      'parents',
      `import { spawn } from 'node:child_process';
      export const handler = async () => [process.pid, spawn('sleep', ['600'], { stdio: 'inherit' }).pid];`,
    );
    const pids = numbers((await other.invoke('parents')).answer);
    expect(pids.map(runs)).toEqual([true, true]);

    await other.stop();

    await until(() => !pids.some(runs));
  });

  it('is not killed again after it has ended: its process id may have been reused', async () => {
    const other = await startFixture();
    await other.deploy(
      'fleeting',
      'export const handler = async () => (setTimeout(() => process.exit(), 10), process.pid);',
    );
    const [pid = 0] = numbers([(await other.invoke('fleeting')).answer]);
    await until(() => !isListed(pid));
    const kill = jest.spyOn(process, 'kill');
    try {
      await other.stop();
      expect(kill.mock.calls.filter(([each]) => each === -pid)).toEqual([]);
    } finally {
      kill.mockRestore();
    }
  });

  it("ends alone when its heap is full: other functions run on, and the log has V8's message", async () => {
    await fixture.deploy(
      'greedy',
      "export const handler = async () => { const kept = []; for (;;) kept.push('x'.repeat(100).split('')); };",
      { Timeout: 60 },
    );
    await fixture.deploy('modest', 'export const handler = async () => process.pid;');

    const [first, second, modest] = await Promise.all([
      fixture.invoke('greedy'),
      fixture.invoke('greedy'),
      fixture.invoke('modest'),
    ]);

    for (const { answer } of [first, second]) expect(answer).toMatchObject({ errorType: 'Runtime.OutOfMemory' });
    expect(fixture.printed('greedy')).toContain('JavaScript heap out of memory');
    expect((await fixture.invoke('modest')).answer).toBe(modest.answer);
  });

  it.each([
    [
      'native code aborts',
      'export const handler = async () => process.abort();',
      'Error: Runtime exited with error: signal: aborted',
    ],
    [
      'it is killed',
      "export const handler = async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); };",
      'Error: Runtime exited with error: signal: killed',
    ],
  ])('is replaced when %s', async (kind, code, message) => {
    const name = kind.replaceAll(' ', '-');
    await fixture.deploy(name, code);

    const { answer } = await fixture.invoke(name);

    expect(answer).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining(message) });
    expect((await fixture.invoke(name)).answer).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  it("runs in its own folder and has no access to the worker's channel", async () => {
    await fixture.deploy(
      'quiet',
      'export const handler = async () => ({ cwd: process.cwd(), send: typeof process.send, root: process.env.LAMBDA_TASK_ROOT });',
    );

    const { answer } = await fixture.invoke('quiet');

    expect(answer).toEqual({ cwd: expect.stringContaining('quiet'), send: 'undefined', root: expect.any(String) });
    expect(Reflect.get(Object(answer), 'cwd')).toBe(Reflect.get(Object(answer), 'root'));
  });

  it('logs output that bypasses the console, such as writes to a file descriptor', async () => {
    await fixture.deploy(
      'direct',
      "import { writeSync } from 'node:fs'; export const handler = async () => { writeSync(2, 'straight\\n'); };",
    );

    await fixture.invoke('direct');

    await until(() => fixture.printed('direct').includes('straight\n'));
  });
});

/** False only when its parent, we, have taken note of its end. */
function isListed(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A zombie has ended; only its parent has not asked yet. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function numbers(answer: unknown): number[] {
  if (!Array.isArray(answer)) throw new Error(`no list: ${JSON.stringify(answer)}`);
  return answer.map(Number);
}
