import { AwsError } from './aws-error.ts';
import { credentialScope, headerScope } from './credential-scope.ts';
import { isAllowedHost } from './hosts.ts';
import type { Router } from './router.ts';
import type { WireRequest } from './wire.ts';

/**
 * Why a request is refused before it is routed, or undefined. `port` is the endpoint's own. Reads no body: the request
 * may have an empty one.
 */
export type PageGuard = (request: WireRequest, port: number) => AwsError | undefined;

/**
 * Hosts of this machine: what a client calls, the buckets in front of it (`bucket.s3.localhost`), and the prefix of
 * StartSyncExecution. None of them can be a name that a stranger registers.
 */
const LOOPBACK_HOST = /^(?:(?:sync-)?127\.0\.0\.1|(?:[a-z0-9._-]+\.)?(?:sync-)?localhost|\[::1\]):(\d+)$/i;
/** What a page may send without a preflight: https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
/** The S3 operations whose content type is that of the object. */
const OBJECT_WRITES = ['PutObject', 'UploadPart', 'CopyObject', 'UploadPartCopy', 'CreateMultipartUpload'];
/** Characters of a header in a message. */
const SHOWN_CHARACTERS = 100;

/**
 * Keeps web pages away from the endpoint, which verifies no signature. A page can send only what its browser sends
 * without a preflight, and the browser adds `Origin` or `Sec-Fetch-Site`. See SECURITY.md.
 */
export function createPageGuard(
  router: Router,
  { allowOrigins, allowHosts }: { allowOrigins: readonly string[]; allowHosts: readonly string[] },
): PageGuard {
  return (request, port) =>
    foreignHost(request, port, allowHosts) ??
    foreignPage(request, port, allowOrigins) ??
    signedQuery(request) ??
    formBody(request, router);
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

/** An image or a link can have any query. AWS clients sign one only to share an object of S3. */
function signedQuery(request: WireRequest): AwsError | undefined {
  if (headerScope(request) !== undefined) return undefined;
  const service = credentialScope(request)?.service ?? 's3';
  if (service === 's3') return undefined;
  return refusal(
    `The query parameter X-Amz-Credential names ${shown(service)}: only S3 takes signed URLs. Sign with the header Authorization.`,
  );
}

/** AWS Query's bodies are forms too, but its clients sign with a header, and a page cannot set that one unasked. */
function formBody(request: WireRequest, router: Router): AwsError | undefined {
  const { method, headers } = request;
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(/[;,]/);
  const mediaType = type.trim();
  if (method === 'GET' || method === 'HEAD' || !FORM_TYPES.includes(mediaType)) return undefined;
  const scope = headerScope(request);
  if (mediaType === FORM_TYPES[0] && scope !== undefined) return undefined;
  if (isObjectWrite(request, router)) return undefined;
  return refusal(
    `The header Content-Type is ${shown(type)}, as in a form of a web page. Send the content type of the service's protocol, such as application/json, and the header Authorization, as every AWS client does.`,
  );
}

function isObjectWrite(request: WireRequest, router: Router): boolean {
  const service = router(credentialScope(request)?.service, request);
  if (service.signingName !== 's3') return false;
  try {
    return OBJECT_WRITES.includes(service.operation(request));
  } catch {
    return false; // S3 does not have the operation.
  }
}

function refusal(message: string): AwsError {
  return new AwsError('AccessDenied', message, { statusCode: 403 });
}

/** A header comes from a stranger and goes to a terminal. */
function shown(value: string): string {
  const safe = value.replaceAll(/[^\x20-\x7e]/g, '?');
  return `"${safe.length > SHOWN_CHARACTERS ? `${safe.slice(0, SHOWN_CHARACTERS)}...` : safe}"`;
}
