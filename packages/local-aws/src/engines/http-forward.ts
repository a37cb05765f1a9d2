import request from 'undici/lib/api/api-request.js';
import Pool from 'undici/lib/dispatcher/pool.js';

const MAXIMUM_CONNECTIONS = 64;

/** The server's answer with its whole body, whatever its status. Header names are in lower case. */
export interface ForwardedAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** Keep-alive connections to one server. */
export interface HttpForward {
  /**
   * Posts to the endpoint's path. Rejects with the socket's error when the server does not answer. The call may have
   * had its effect.
   */
  post(headers: Readonly<Record<string, string>>, body: Buffer): Promise<ForwardedAnswer>;
  /** Aborts running calls. */
  close(): void;
}

/**
 * Opens a pool to `endpoint`, `http://…` or `https://…` with a path. undici needs half the processor time of node:http
 * per call (docs/adr/0022). The pool and its request are a quarter of its modules. There is no timeout, since a sweep
 * of expired items blocks every other call.
 */
export function createForward(endpoint: URL): HttpForward {
  const pool = new Pool(endpoint.origin, {
    connections: MAXIMUM_CONNECTIONS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async post(headers, body) {
      const answer = await request.call(pool, { path: endpoint.pathname, method: 'POST', headers, body });
      return {
        statusCode: answer.statusCode,
        headers: answer.headers,
        body: Buffer.from(await answer.body.arrayBuffer()),
      };
    },
    close: () => void pool.destroy(),
  };
}
