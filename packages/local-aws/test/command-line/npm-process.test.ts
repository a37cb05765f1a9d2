import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { npmProcessId, whenEnded } from '../../src/command-line/npm-process.ts';

const env = { npm_command: 'exec' };
const shell = { parentId: 41, command: 'sh -c tweet-pipes local' };

describe('the npm that runs the program', () => {
  it.each([
    ['its parent', [{ parentId: 40, command: 'npm exec tweet-pipes local' }], process.ppid],
    ['behind a shell', [shell, { parentId: 40, command: 'node /usr/bin/npx-cli.js tweet-pipes' }], 41],
    ['behind a shell, by its title', [shell, { parentId: 40, command: 'npm start' }], 41],
    ['further away: of another program', [shell, { parentId: 40, command: 'node app.js' }], undefined],
    ['the first process', [{ parentId: 1, command: 'sh -c tweet-pipes local' }], undefined],
    ['on a system that lists no processes', [], undefined],
  ])('is found: %s', (_where, processes, expected) => {
    const left = [...processes];
    expect(npmProcessId(env, () => left.shift())).toBe(expected);
  });

  it('is not looked for without npm', () => {
    expect(npmProcessId({}, () => ({ parentId: 1, command: 'npm start' }))).toBeUndefined();
  });

  it('is waited for until it ends', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const clock = new ManualClock();
    let hasEnded = false;
    const waiting = whenEnded(Number(child.pid), clock, new AbortController().signal).then(() => {
      hasEnded = true;
    });
    await clock.advance(5_000);
    expect(hasEnded).toBe(false);
    child.stdin.end();
    await once(child, 'exit');
    await clock.advance(1_000);
    await waiting;
    expect(hasEnded).toBe(true);
  });
});
