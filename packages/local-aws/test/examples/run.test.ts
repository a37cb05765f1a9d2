import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const packageFolder = join(import.meta.dirname, '../..');
const readme = await readFile(join(packageFolder, 'README.md'), 'utf8');
const [running = '', asking = ''] = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
const endpointInReadme = 'http://127.0.0.1:4566';

let dataFolder: string;
let example: ReturnType<typeof startExample>;
let printed = '';
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'sensors-'));
  example = startExample();
  for await (const chunk of example.stdout) {
    printed += chunk;
    if (printed.endsWith('\n\n') && printed.includes('TABLE=')) break;
  }
}, 60_000);
afterAll(async () => {
  example.kill('SIGKILL');
  await rm(dataFolder, { recursive: true });
});

function startExample() {
  const script = join(packageFolder, 'examples/sensors/run.ts');
  return spawn(process.execPath, [script, dataFolder, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}
const endpoint = () => /AWS_ENDPOINT_URL=(\S+)/.exec(printed)?.[1] ?? '';

it('prints what the README shows', () => {
  const [command, ...shown] = running.split('\n');
  expect(command).toBe('$ npx node packages/local-aws/examples/sensors/run.ts');
  expect(printed.trim().replaceAll(endpoint(), endpointInReadme)).toBe(shown.join('\n').trim());
});

it('answers the paths that the README shows', async () => {
  const lines = asking.trim().split('\n');
  const commands = lines.filter((line) => line.startsWith('$ '));
  expect(commands).toHaveLength(2);
  for (const [index, command] of commands.entries()) {
    const url = command.replace('$ curl ', '').replace(endpointInReadme, endpoint());
    expect((await (await fetch(url)).text()).trim()).toBe(lines[2 * index + 1]);
  }
});

it('ends with Ctrl-C', async () => {
  example.kill('SIGINT');
  expect(await once(example, 'exit')).toEqual([0, null]);
}, 30_000);
