import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a `chromium` that starts is on PATH. */
export const hasChromium = spawnSync('chromium', ['--version']).status === 0;

/**
 * Opens a page in a headless Chromium and resolves when its script has ended. The page is served from
 * `http://evil.example`, a name that leads to this machine.
 *
 * @param script the body of an async function
 */
export async function browse(script: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const ended = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<body><script>(async () => {${script}})().finally(() => fetch('/ended'))</script>`);
    if (request.url === '/ended') ended.resolve();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // Never a string or null for a listening TCP server.
  const chromium = spawn(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`],
      ...['--host-resolver-rules=MAP evil.example 127.0.0.1', `http://evil.example:${port}/`],
    ],
    { stdio: 'ignore', detached: true },
  );
  const exited = once(chromium, 'exit');
  try {
    await Promise.race([
      ended.promise,
      exited.then(() => Promise.reject(new Error('Chromium ended before the page did.'))),
    ]);
  } finally {
    if (chromium.pid !== undefined && chromium.exitCode === null) process.kill(-chromium.pid, 'SIGKILL');
    await exited;
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
