import type { WireRequest } from './wire.ts';

/**
 * Caller, service and region in a Signature Version 4: `Credential=<key>/<date>/<region>/<service>/aws4_request`. The
 * signature is not verified.
 */
export interface CredentialScope {
  accessKeyId: string;
  region: string;
  service: string;
}

/**
 * Reads the scope from the Authorization header or from a presigned URL (`X-Amz-Credential`). Undefined without a
 * complete signature. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function credentialScope(request: WireRequest): CredentialScope | undefined {
  return headerScope(request) ?? parseScope(presignedCredential(request.url));
}

/** Reads the scope from the Authorization header only. */
export function headerScope(request: WireRequest): CredentialScope | undefined {
  return parseScope(/\bCredential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1]);
}

function parseScope(credential: string | undefined): CredentialScope | undefined {
  if (credential === undefined) return undefined;
  // A key id may contain slashes. The last four parts never do.
  const parts = credential.split('/');
  if (parts.length < 5) return undefined;
  const [, region = '', service = ''] = parts.slice(-4);
  if (region === '' || service === '') return undefined;
  return { accessKeyId: parts.slice(0, -4).join('/'), region, service };
}

function presignedCredential(url: string): string | undefined {
  const at = url.indexOf('?');
  if (at < 0 || !/x-amz-credential=/i.test(url)) return undefined;
  for (const [name, value] of new URLSearchParams(url.slice(at))) {
    if (name.toLowerCase() === 'x-amz-credential') return value;
  }
  return undefined;
}
