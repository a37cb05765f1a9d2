/**
 * Lint, types and unused code at once, as `npm run checks` does: one after the other they leave half of two cores idle.
 * Prints what each has printed when it is over. Exit code 1 if one of them failed.
 */
import { spawn } from 'node:child_process';

const { npm_execpath: npm = '' } = process.env;
if (npm === '') throw new Error('Start this with npm: npm run checks');

const results = await Promise.all(['lint', 'types', 'unused'].map(check));
if (results.includes(false)) process.exitCode = 1;

/** Whether a script of npm succeeded. */
function check(script: string): Promise<boolean> {
  const child = spawn(process.execPath, [npm, 'run', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}
