import type { WireRequest, WireResponse } from './wire.ts';

/** Seconds for which a browser may reuse the answer to a preflight. */
const MAX_AGE_SECONDS = 600;

/**
 * Answers the preflight of a page of an allowed origin. Undefined for any other request.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightAnswer(request: WireRequest, allowOrigins: readonly string[]): WireResponse | undefined {
  const { origin = '', 'access-control-request-method': method } = request.headers;
  if (request.method !== 'OPTIONS' || method === undefined || !allowOrigins.includes(origin)) return undefined;
  return {
    statusCode: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': String(MAX_AGE_SECONDS),
      vary: 'Origin, Access-Control-Request-Headers',
    },
    body: Buffer.alloc(0),
  };
}

/** Lets a page of an allowed origin read the answer. Any other answer stays as it is. */
export function readableAnswer(
  request: WireRequest,
  response: WireResponse,
  allowOrigins: readonly string[],
): WireResponse {
  const { origin } = request.headers;
  if (origin === undefined || !allowOrigins.includes(origin)) return response;
  const cors = { 'access-control-allow-origin': origin, 'access-control-expose-headers': '*', vary: 'Origin' };
  return { ...response, headers: { ...response.headers, ...cors } };
}

/** Throws TypeError unless the text is exactly an origin, as browsers send it: `http://localhost:3000`. */
export function checkOrigin(text: string): void {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.origin !== text) {
    throw new TypeError(`Not an origin such as http://localhost:3000: ${text}`);
  }
}
