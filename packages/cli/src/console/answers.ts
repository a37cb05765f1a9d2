import { INSTANCE_HEADER } from '@tweet-pipes/console/api';
import type { WireResponse } from '@tweet-pipes/local-aws';

/** Nothing but the page's own files and API. Tweets are text, and could do nothing even if they were markup. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** JSON that no cache keeps. */
export function jsonAnswer(statusCode: number, body: object, instance: string): WireResponse {
  return {
    statusCode,
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'application/json',
      'cache-control': 'no-store',
      [INSTANCE_HEADER]: instance,
    },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** A file of the page. The browser keeps it and asks each time whether its `tag` is still the same. */
export function fileAnswer(contentType: string, body: Buffer, tag: string, knownTag: string | undefined): WireResponse {
  const etag = `"${tag}"`;
  const headers = { ...SECURITY_HEADERS, 'content-type': contentType, 'cache-control': 'no-cache', etag };
  return knownTag === etag ? { statusCode: 304, headers, body: Buffer.alloc(0) } : { statusCode: 200, headers, body };
}
