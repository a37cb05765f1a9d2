/**
 * A program for the test beside it: runs a function that never gives way, with a program of its own beside it; says
 * both process ids, and waits to be killed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startFixture } from './fixture.ts';

const fixture = await startFixture();
await fixture.deploy(
  'busy',
  `import { spawn } from 'node:child_process';
  export const handler = async () => {
    const beside = spawn('sleep', ['600'], { stdio: 'ignore' });
    console.log('running', process.pid, beside.pid, '.');
    for (;;);
  };`,
  { Timeout: 900 },
);
void fixture.invoke('busy');
const pids = (): RegExpExecArray | null => /running (\d+) (\d+) \./.exec(fixture.printed('busy'));
while (pids() === null) await nextTurn();
process.stdout.write(`${JSON.stringify({ pids: pids()?.slice(1).map(Number), dataFolder: fixture.dataFolder })}\n`);
