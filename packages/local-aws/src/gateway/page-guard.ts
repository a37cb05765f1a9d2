import type { AwsError } from './aws-error.ts';
import { credentialScope, headerScope } from './credential-scope.ts';
import { type AllowedCallers, foreignCaller, refusal, shown } from './foreign-caller.ts';
import type { Router } from './router.ts';
import type { WireRequest } from './wire.ts';

/**
 * Why a request is refused before it is routed, or undefined. `port` is the endpoint's own. Reads no body: the request
 * may have an empty one.
 */
export type PageGuard = (request: WireRequest, port: number) => AwsError | undefined;

/** What a page may send without a preflight: https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
/** The S3 operations of any content type: an object has its own, and the SDK sends a policy as text. */
const WRITES_OF_ANY_TYPE = [
  ...['PutObject', 'UploadPart', 'CopyObject', 'UploadPartCopy', 'CreateMultipartUpload'],
  'PutBucketPolicy',
];

/**
 * Keeps web pages away from the endpoint, which verifies no signature. A page can send only what its browser sends
 * without a preflight, and the browser adds `Origin` or `Sec-Fetch-Site`. See SECURITY.md.
 */
export function createPageGuard(router: Router, { allowOrigins, allowHosts }: AllowedCallers): PageGuard {
  return (request, port) =>
    foreignCaller(request, port, { allowOrigins, allowHosts }) ?? signedQuery(request) ?? formBody(request, router);
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
  if (isWriteOfAnyType(request, router)) return undefined;
  return refusal(
    `The header Content-Type is ${shown(type)}, as in a form of a web page. Send the content type of the service's protocol, such as application/json, and the header Authorization, as every AWS client does.`,
  );
}

function isWriteOfAnyType(request: WireRequest, router: Router): boolean {
  const service = router(credentialScope(request)?.service, request);
  if (service.signingName !== 's3') return false;
  try {
    return WRITES_OF_ANY_TYPE.includes(service.operation(request));
  } catch {
    return false; // S3 does not have the operation.
  }
}
