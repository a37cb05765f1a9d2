import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { run } from '../../src/run.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'like-aws-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  [['--like-aws', '/nowhere/table.json'], "The table of AWS's pace cannot be used: /nowhere/table.json"],
  [['--allow-origin', '*'], 'It must be an origin such as http://localhost:3000, without a path.'],
  [['--slow-motion', '0.5'], 'It must be a number from 1 to 1000.'],
])('local refuses %j before it starts anything', async (flags, message) => {
  const terminal = fakeTerminal();
  expect(await run(['local', '--port', '0', '--data', join(folder, 'data'), ...flags], terminal)).toBe(1);
  expect(terminal.complaints()).toContain(message);
});
