import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { run } from '@tweet-pipes/cli/run';
import { fakeTerminal } from '../../../cli/test/fake-terminal.ts';
import { until } from '../../../kit/test/until.ts';
import { processesOf } from '../../src/chaos/processes.ts';
import { chaosProgram } from '../../src/chaos/program.ts';

const folder = await mkdtemp(join(tmpdir(), 'chaos-program-'));
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

it.each([
  [['--seed', 'x'], 'It must be an integer from 0 to 4294967295.'],
  [['--minutes', '-1'], 'It must be an integer from 0 to 1440.'],
  [['--unknown'], "unknown option '--unknown'"],
])('refuses %j', async (args, message) => {
  const terminal = fakeTerminal();
  expect(await run(args, terminal, chaosProgram)).toBe(1);
  expect(terminal.complaints()).toContain(message);
});

it('stops at once when interrupted, says that nothing was compared, and leaves nothing running', async () => {
  const terminal = fakeTerminal();
  const kept = join(folder, 'interrupted');
  const interrupt = async () => {
    await until(async () => (await processesOf(join(kept, 'data'))).length > 0, { everyMs: 50 });
    terminal.interrupt();
  };
  const [exitCode] = await Promise.all([run(['--keep', kept], terminal, chaosProgram), interrupt()]);
  expect(exitCode).toBe(2);
  expect(terminal.complaints()).toContain('Interrupted; nothing was compared.');
  expect(await processesOf(kept)).toEqual([]);
});
