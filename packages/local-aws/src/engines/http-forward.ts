import { Pool } from 'undici';

const MAXIMUM_CONNECTIONS = 64;

export interface ForwardedAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** Keep-alive connections to one server. */
export interface HttpForward {
  /**
   * Posts to `/`. Rejects with the socket's error when the server does not answer; the call may or may not have
   * happened.
   */
  post(headers: Readonly<Record<string, string>>, body: Buffer): Promise<ForwardedAnswer>;
  /** Cuts what is under way. */
  close(): void;
}

/**
 * `endpoint` is `http://…` or `https://…`; its path is kept. By undici, the client below Node's own fetch: a call takes
 * half of the processor time that it takes with node:http (docs/adr/0022). No time limit of its own: a search for
 * expired items keeps every other call waiting.
 */
export function createForward(endpoint: URL): HttpForward {
  const pool = new Pool(endpoint.origin, {
    connections: MAXIMUM_CONNECTIONS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async post(headers, body) {
      const answer = await pool.request({ path: endpoint.pathname, method: 'POST', headers, body });
      return {
        statusCode: answer.statusCode,
        headers: answer.headers,
        body: Buffer.from(await answer.body.arrayBuffer()),
      };
    },
    close: () => void pool.destroy(),
  };
}
