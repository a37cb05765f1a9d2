import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface Scripted {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A loopback server that answers every request with `answer` and keeps what it was sent. */
export async function startScriptedServer() {
  const received: Received[] = [];
  let answer: Scripted = { status: 500, body: '' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      });
      response.sendDate = false;
      const body = Buffer.from(answer.body);
      response.writeHead(answer.status, { 'content-length': body.length, connection: 'close', ...answer.headers });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    received,
    answerWith(next: Scripted) {
      received.length = 0;
      answer = next;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
