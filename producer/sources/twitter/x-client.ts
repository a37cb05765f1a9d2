import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { TwitterApi, TwitterApiv2 } from 'twitter-api-v2';
import * as z from 'zod';

import type { Credentials } from './credentials.ts';
import { TwitterSourceError } from './errors.ts';

/** The base URL of X's API. */
export const defaultEndpoint = 'https://api.x.com';

/** An endpoint and the token for it. */
export interface Access {
  /** Without a slash at its end. */
  endpoint: string;
  /** Bearer token of an app. */
  token: string;
}

/**
 * The endpoint without a slash at its end. Throws {@link TwitterSourceError} unless it is https, or http on this
 * machine: the token must not be sent in clear text.
 */
export function checkEndpoint(endpoint: string): string {
  const url = URL.parse(endpoint);
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return endpoint.replace(/\/+$/, '');
  throw new TwitterSourceError(
    `X's API cannot be at ${JSON.stringify(endpoint)}: it must be an https URL, or http on this machine.`,
  );
}

/** A new agent without keep-alive. Destroying it ends its requests, for which the library has no other way. */
export function agentFor(endpoint: string): HttpAgent {
  return endpoint.startsWith('http:') ? new HttpAgent() : new HttpsAgent();
}

/**
 * The library's API v2 at another base URL, which only a subclass can set. The library always calls `https.request`;
 * the agent decides whether TLS is used.
 */
export class XApi extends TwitterApiv2 {
  constructor({ endpoint, token }: Access, agent: HttpAgent) {
    super(new TwitterApi(token, { httpAgent: agent }));
    this.setPrefix(`${endpoint}/2/`);
  }
}

/**
 * The bearer token of the credentials, fetched if necessary. Throws the library's errors. The library's own `appLogin`
 * works with X's host only.
 */
export async function bearerToken(credentials: Credentials, endpoint: string, agent: HttpAgent): Promise<string> {
  if (credentials.kind === 'bearer') return credentials.token;
  const { key: username, secret: password } = credentials;
  const basic = new TwitterApi({ username, password }, { httpAgent: agent });
  const answer: unknown = await basic.post(
    `${endpoint}/oauth2/token`,
    { grant_type: 'client_credentials' },
    { forceBodyMode: 'url' },
  );
  const token = z.object({ access_token: z.string().min(1) }).safeParse(answer);
  if (token.success) return token.data.access_token;
  throw new TwitterSourceError('X gave an unexpected answer to the request for a bearer token.');
}
