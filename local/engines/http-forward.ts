import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';

export interface ForwardedAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** Keep-alive connections to one server. */
export interface HttpForward {
  /** Posts to `/`. Rejects with the socket's error when the server does not answer; the call may or may not have happened. */
  post(headers: OutgoingHttpHeaders, body: Buffer): Promise<ForwardedAnswer>;
  close(): void;
}

/** `endpoint` is `http://…` or `https://…`; its path is kept. */
export function createForward(endpoint: URL, options: { maxSockets?: number } = {}): HttpForward {
  const settings = { keepAlive: true, maxSockets: options.maxSockets ?? 64, scheduling: 'lifo' as const };
  const secure = endpoint.protocol === 'https:';
  const agent = secure ? new SecureAgent(settings) : new Agent(settings);
  const send = secure ? httpsRequest : httpRequest;
  const target = { hostname: endpoint.hostname, port: endpoint.port, path: endpoint.pathname, method: 'POST', agent };
  return {
    post: (headers, body) =>
      new Promise((resolve, reject) => {
        const outgoing = send({ ...target, headers: { ...headers, 'content-length': body.length } }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.once('error', reject);
          incoming.once('end', () =>
            resolve({
              statusCode: incoming.statusCode ?? 500,
              headers: incoming.headers,
              body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
            }),
          );
        });
        outgoing.once('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
