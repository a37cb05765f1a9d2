import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.ts';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const bin = join(import.meta.dirname, '../../src/tweet-pipes.ts');
const folder = await mkdtemp(join(tmpdir(), 'like-aws-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  [['--like-aws', '/nowhere/table.json'], "The table of AWS's pace cannot be used: /nowhere/table.json"],
  [['--allow-origin', '*'], 'It must be an origin such as http://localhost:3000, without a path.'],
  [['--allow-host', 'http://devbox'], 'It must be a host such as devbox or localhost:8080, without http://.'],
  [['--slow-motion', '0.5'], 'It must be a number from 1 to 1000.'],
  [['--roles', 'on'], 'Allowed choices are enforce, off.'],
])('local refuses %j before it starts anything', async (flags, message) => {
  const terminal = fakeTerminal();
  expect(await run(['local', '--port', '0', '--data', join(folder, 'data'), ...flags], terminal)).toBe(1);
  expect(terminal.complaints()).toContain(message);
});

it('Ctrl-C while the stack is synthesized is no defect', async () => {
  const terminal = fakeTerminal();
  const running = run(['local', '--port', '0', '--data', join(folder, 'interrupted')], terminal);
  await until(() => terminal.complaints().includes('Synthesizing'));
  terminal.interrupt();
  expect(await running).toBe(1);
  expect(terminal.complaints()).toMatch(/\nInterrupted\.$/);
});

it('output that cannot be written ends the program in one line', async () => {
  const file = join(folder, 'read-only');
  await writeFile(file, '');
  const out = await open(file, 'r');
  const args = ['produce', 'generate', '--limit', '3', '--dry-run'];
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', out.fd, 'pipe'] });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const [exitCode] = await once(child, 'close');
  await out.close();
  expect([exitCode, complaints]).toEqual([
    2,
    expect.stringMatching(/\nStandard output cannot be written: EBADF.*\.\n$/),
  ]);
});
