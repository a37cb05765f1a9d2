import { AwsError } from './aws-error.ts';
import { isAllowedHost } from './hosts.ts';
import type { WireRequest } from './wire.ts';

/**
 * Hosts of this machine: what a client calls, the buckets in front of it (`bucket.s3.localhost`), and the prefix of
 * StartSyncExecution. None of them can be a name that a stranger registers.
 */
const LOOPBACK_HOST = /^(?:(?:sync-)?127\.0\.0\.1|(?:[a-z0-9._-]+\.)?(?:sync-)?localhost|\[::1\]):(\d+)$/i;
/** Characters of a header in a message. */
const SHOWN_CHARACTERS = 100;

/** Who else may call a server of this machine. */
export interface AllowedCallers {
  /** Origins of web pages: `http://localhost:3000`. */
  allowOrigins: readonly string[];
  /** Other names of the server, `host` or `host:port`, such as that of a forwarded port. */
  allowHosts: readonly string[];
}

/**
 * Why a request to a loopback server on `port` is refused: it names another host, or a web page of another origin sends
 * it. Undefined for every other request. See SECURITY.md.
 */
export function foreignCaller(
  request: WireRequest,
  port: number,
  { allowOrigins, allowHosts }: AllowedCallers,
): AwsError | undefined {
  return foreignHost(request, port, allowHosts) ?? foreignPage(request, port, allowOrigins);
}

/** A name that an attacker's DNS server points to this machine makes a page of that name "same-origin". */
function foreignHost(
  { headers: { host = '' } }: WireRequest,
  port: number,
  allowHosts: readonly string[],
): AwsError | undefined {
  const named = LOOPBACK_HOST.exec(host)?.[1] ?? (isPortless(host) ? '80' : undefined);
  if (named === String(port) || isAllowedHost(host, allowHosts)) return undefined;
  return refusal(
    `The header Host is ${shown(host)}, which is not this endpoint. Call it as 127.0.0.1:${port} or localhost:${port}. If you forward a port to it, name that host with --allow-host.`,
  );
}

function isPortless(host: string): boolean {
  return LOOPBACK_HOST.test(`${host}:80`);
}

function foreignPage(request: WireRequest, port: number, allowed: readonly string[]): AwsError | undefined {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) {
    if (allowed.includes(origin)) return undefined;
    if (!ownOrigins(port).includes(origin)) {
      return refusal(
        `The header Origin is ${shown(origin)}: web pages may not call this endpoint. If you trust the page, name its origin with --allow-origin.`,
      );
    }
  }
  if (site === undefined || site === 'none' || site === 'same-origin') return undefined;
  return refusal(
    `The header Sec-Fetch-Site is ${shown(site)}: web pages may not call this endpoint. If you trust the page, name its origin with --allow-origin and call with CORS.`,
  );
}

function ownOrigins(port: number): string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => new URL(`http://${name}:${port}`).origin);
}

/** Refuses a request that a web page could have sent. */
export function refusal(message: string): AwsError {
  return new AwsError('AccessDenied', message, { statusCode: 403 });
}

/** A header comes from a stranger and goes to a terminal. */
export function shown(value: string): string {
  const safe = value.replaceAll(/[^\x20-\x7e]/g, '?');
  return `"${safe.length > SHOWN_CHARACTERS ? `${safe.slice(0, SHOWN_CHARACTERS)}...` : safe}"`;
}
