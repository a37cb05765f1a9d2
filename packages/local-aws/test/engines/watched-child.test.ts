import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.ts';
import { startWatchedChild } from '../../src/engines/watched-child.ts';

const node = (script: string): ReturnType<typeof startWatchedChild> =>
  startWatchedChild(process.execPath, ['-e', script]);

describe('startWatchedChild', () => {
  it('ends the engine when its parent is killed with SIGKILL', async () => {
    const program = new URL('watched-parent.ts', import.meta.url).pathname;
    const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    const socket = connect(Number(line.toString()), '127.0.0.1');
    await once(socket, 'connect');
    // The engine holds the other end of this connection: it closes when the engine is gone, and not before.
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => {}));
    parent.kill('SIGKILL');
    await closed;
    // The kernel closes a dead process's sockets one after the other: the one that listens may be last.
    await until(async () => {
      const again = connect(Number(line.toString()), '127.0.0.1');
      const outcome = await once(again, 'connect').catch((error: { code?: string }) => error.code);
      again.on('error', () => {}).destroy();
      return outcome === 'ECONNREFUSED';
    });
  });

  it('gives the program what it is meant to know, and none of the credentials', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    const script = 'console.log(JSON.stringify(process.env)); console.log("ready")';
    const child = startWatchedChild(process.execPath, ['-e', script], { TOKEN: 't' });
    await child.printed('ready');
    expect(child.output()).toContain('"TOKEN":"t"');
    expect(child.output()).not.toContain('secret');
    await child.stop();
  });

  it('waits for a line and passes the exit code on', async () => {
    const child = node('console.log("a"); console.log("ready"); setTimeout(() => process.exit(7), 10)');
    await child.printed('ready');
    expect(await child.ended).toBe(7);
    await child.stop();
  });

  it('rejects with what the program said when it ends before it is ready', async () => {
    const child = node('console.error("no such file: x"); process.exit(1)');
    await expect(child.printed('ready')).rejects.toThrow(/ended before it was ready: no such file: x/);
    await expect(startWatchedChild('/no/such/program', []).printed('ready')).rejects.toThrow(/no\/such\/program/);
  });

  it('stops a program that ignores every polite signal', async () => {
    const child = node(
      'process.on("SIGTERM", () => {}); process.on("SIGINT", () => {}); console.log("ready"); setInterval(() => {}, 1000)',
    );
    await child.printed('ready');
    await child.stop();
    expect(await child.ended).toBe(137);
  });
});
