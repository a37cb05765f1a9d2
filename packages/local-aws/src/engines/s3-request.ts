import { AwsError } from '../gateway/aws-error.ts';
import { decoded } from '../gateway/decoded.ts';
import type { WireRequest } from '../gateway/wire.ts';

/**
 * The request in path style, with a host in which the engine sees no bucket: `http://bucket.localhost:4566/key` becomes
 * `/bucket/key`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function pathStyle(request: WireRequest): WireRequest {
  const bucket = /^([^.:]+)\.(?:[^:]+\.)?localhost(?::|$)/i.exec(request.headers.host ?? '')?.[1];
  const url = bucket === undefined ? request.url : `/${bucket}${request.url}`;
  return { ...request, url, headers: { ...request.headers, host: 'localhost' } };
}

/** S3's type of an object whose request has none. */
const DEFAULT_TYPE = 'binary/octet-stream';
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_LIMIT_BYTES = 1_024;

/** The request with a content type that the engine takes, if its own is missing or no media type. */
export function withMediaType(request: WireRequest): WireRequest {
  const type = request.headers['content-type'] ?? '';
  if (/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;|$)/.test(type)) return request;
  return { ...request, headers: { ...request.headers, 'content-type': DEFAULT_TYPE } };
}

/**
 * Checks bucket, key and version of a request in path style, which the engine does not. Throws `InvalidURI`,
 * `KeyTooLongError`, and `InvalidArgument` for a version, since no bucket here is versioned.
 */
export function checkTarget(request: WireRequest): void {
  try {
    decodeURIComponent(request.url.split('?')[0] ?? '/');
  } catch (cause) {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { cause });
  }
  const { key, query } = s3Target(request);
  if (Buffer.byteLength(key) > KEY_LIMIT_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
  const version = query.get('versionId') ?? 'null';
  if (version !== 'null') throw new AwsError('InvalidArgument', 'Invalid version id specified');
}

/** The bucket, the key and the query of a request in path style. Badly percent-encoded text stays as it is. */
export function s3Target(request: WireRequest): { bucket: string; key: string; query: URLSearchParams } {
  const [path = '/', search = ''] = request.url.split(/\?(.*)/s);
  const [bucket = '', ...key] = path.slice(1).split('/');
  return { bucket: decoded(bucket), key: decoded(key.join('/')), query: new URLSearchParams(search) };
}
