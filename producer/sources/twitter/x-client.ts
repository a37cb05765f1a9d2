import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { TwitterApi, TwitterApiv2 } from 'twitter-api-v2';
import * as z from 'zod';

import type { Credentials } from './credentials.ts';
import { TwitterSourceError } from './errors.ts';

/** Where X's API is. */
export const defaultEndpoint = 'https://api.x.com';

/** An endpoint and the token for it. */
export interface Access {
  /** Without a slash at its end. */
  endpoint: string;
  /** Bearer token of an app. */
  token: string;
}

/**
 * The endpoint without a slash at its end. Throws {@link TwitterSourceError} unless it is https, or http on this very
 * machine: the token would travel readable.
 */
export function checkEndpoint(endpoint: string): string {
  const url = URL.parse(endpoint);
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return endpoint.replace(/\/+$/, '');
  throw new TwitterSourceError(
    `X's API cannot be at ${JSON.stringify(endpoint)}: it must be an https URL, or http on this machine.`,
  );
}

/**
 * A fresh agent that keeps no connection. Destroying it ends what goes through it, which the library offers no other
 * way to do.
 */
export function agentFor(endpoint: string): HttpAgent {
  return endpoint.startsWith('http:') ? new HttpAgent() : new HttpsAgent();
}

/**
 * The library's API v2 at another address than X's own, which only a subclass may say. It calls `https.request`
 * whatever the URL is; the agent decides.
 */
export class XApi extends TwitterApiv2 {
  constructor({ endpoint, token }: Access, agent: HttpAgent) {
    super(new TwitterApi(token, { httpAgent: agent }));
    this.setPrefix(`${endpoint}/2/`);
  }
}

/**
 * The bearer token that the credentials are, or buy. Throws the library's errors. The library's own `appLogin` knows
 * only X's host.
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
  throw new TwitterSourceError('X answered the request for a bearer token with something else.');
}
