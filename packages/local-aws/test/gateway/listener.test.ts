import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Listener, listen } from '../../src/gateway/listener.ts';
import { PortInUseError } from '../../src/gateway/port-in-use-error.ts';
import type { WireRequest, WireResponse } from '../../src/gateway/wire.ts';

const text = (statusCode: number, body: string): WireResponse => ({
  statusCode,
  headers: { 'content-type': 'text/plain', connection: 'keep-alive' },
  body: Buffer.from(body),
});
const echo = async (incoming: WireRequest): Promise<WireResponse> =>
  text(200, `${incoming.method} ${incoming.url} ${incoming.headers.host} ${incoming.body.length}`);

let listener: Listener;
const start = async (options: Partial<Parameters<typeof listen>[0]> = {}): Promise<number> => {
  listener = await listen({ port: 0, answer: echo, tooLarge: () => text(413, 'too large'), ...options });
  return listener.port;
};
afterEach(() => listener.stop());

function raw(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', async () => {
      // Each piece in its own packet: the next one is written when the kernel has taken the one before.
      for (const piece of pieces) await new Promise((written) => socket.write(piece, written));
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

function post(port: number, body: Buffer): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/x?y=1', agent: false }, (incoming) => {
      let heard = '';
      incoming.on('data', (chunk) => {
        heard += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode, body: heard }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function post2(port: number, body: Buffer): Promise<{ status: unknown; headers: object; body: string }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const stream = session.request({ ':method': 'POST', ':path': '/x?y=1' });
    let heard = '';
    let headers: Record<string, unknown> = {};
    stream.on('response', (received) => {
      headers = received;
    });
    stream.on('data', (chunk) => {
      heard += chunk;
    });
    stream.on('end', () => {
      session.close();
      resolve({ status: headers[':status'], headers, body: heard });
    });
    stream.on('error', reject);
    stream.end(body);
  });
}

describe('listen', () => {
  it('takes a large body by HTTP/1.1 and by HTTP/2 on the same port', async () => {
    const port = await start();
    const body = Buffer.alloc(3_000_000, 'a');
    expect(await post(port, body)).toEqual({ status: 200, body: `POST /x?y=1 127.0.0.1:${port} 3000000` });
    const answer = await post2(port, body);
    expect(answer).toMatchObject({ status: 200, body: `POST /x?y=1 127.0.0.1:${port} 3000000` });
    expect(answer.headers).not.toHaveProperty('connection');
  });

  it('tells the protocols apart when the first bytes come one by one', async () => {
    const port = await start();
    const heard = await raw(
      port,
      'P',
      'U',
      'T / HTTP/1.1\r\nHost: h\r\nConnec',
      'tion: close\r\nContent-Length: 2\r\n\r\n',
      'ab',
    );
    expect(heard).toContain('PUT / h 2');
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const pending = raw(
      port,
      'P',
      'R',
      'I',
      preface.slice(3),
      Buffer.from('000000040000000000', 'hex'),
      Buffer.from('000000070000000000', 'hex'),
    );
    // The server's own SETTINGS frame: length, type 4.
    await listenedFor(pending, port);
  });

  it('answers a body over the limit without reading on, and closes', async () => {
    const port = await start({ maxBodyBytes: 1_000 });
    expect((await post(port, Buffer.alloc(1_000))).status).toBe(200);
    const heard = await raw(port, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n', Buffer.alloc(2_000));
    expect(heard).toMatch(/^HTTP\/1\.1 413 [\s\S]*too large$/);
    expect(heard).toContain('connection: close');
    expect(await post2(port, Buffer.alloc(2_000))).toMatchObject({ status: 413, body: 'too large' });
  });

  it('says which port is taken and how to choose another', async () => {
    const port = await start();
    const attempt = listen({ port, answer: echo, tooLarge: () => text(413, '') });
    await expect(attempt).rejects.toThrow(PortInUseError);
    await expect(attempt).rejects.toThrow(new RegExp(`Port ${port} .*--port`));
  });

  it('survives a caller that disconnects within a body', async () => {
    const answered: string[] = [];
    const port = await start({
      answer: async (incoming) => {
        answered.push(incoming.url);
        return text(200, 'ok');
      },
    });
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST /cut HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc', () => socket.resetAndDestroy());
      });
      socket.on('close', () => resolve());
      socket.on('error', () => {});
    });
    await post(port, Buffer.from('x'));
    expect(answered).toEqual(['/x?y=1']);
  });

  it('ends every connection when it stops: idle, keep-alive, HTTP/2 and in mid-call', async () => {
    let called: () => void = () => {};
    const inCall = new Promise<void>((resolve) => {
      called = resolve;
    });
    const port = await start({
      answer: (incoming) => {
        if (incoming.url !== '/hang') return echo(incoming);
        called();
        return new Promise(() => {});
      },
    });
    const idle = raw(port);
    const hanging = raw(port, 'GET /hang HTTP/1.1\r\nHost: h\r\n\r\n');
    const kept = raw(port, 'GET /kept HTTP/1.1\r\nHost: h\r\n\r\n');
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => {});
    const sessionClosed = new Promise((resolve) => session.on('close', resolve));
    await new Promise((resolve) => session.on('remoteSettings', resolve));
    await inCall;
    await listener.stop();
    expect(await idle).toBe('');
    expect(await hanging).toBe('');
    expect(await kept).toContain('GET /kept');
    await sessionClosed;
  });
});

/** Stops the server, so that the raw connection ends, and checks that the server had spoken HTTP/2 on it. */
async function listenedFor(pending: Promise<string>, port: number): Promise<void> {
  await post(port, Buffer.alloc(0)); // By now the earlier bytes have been read.
  await listener.stop();
  expect((await pending).slice(3, 4)).toBe('\x04');
}
