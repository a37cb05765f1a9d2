/**
 * A program for the test beside it: runs a function that never gives way, with a program of its own beside it; says
 * both process ids, and waits to be killed.
 */
import { startStand, until } from './stand.ts';

const stand = await startStand();
await stand.deploy(
  'busy',
  `import { spawn } from 'node:child_process';
  export const handler = async () => {
    const beside = spawn('sleep', ['600'], { stdio: 'ignore' });
    console.log('running', process.pid, beside.pid, '.');
    for (;;);
  };`,
  { Timeout: 900 },
);
void stand.invoke('busy');
const pids = (): RegExpExecArray | null => /running (\d+) (\d+) \./.exec(stand.service.log('busy'));
await until(() => pids() !== null);
process.stdout.write(`${JSON.stringify({ pids: pids()?.slice(1).map(Number), dataFolder: stand.dataFolder })}\n`);
